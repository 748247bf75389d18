/**
 * Checks and set-up commands: runs one line of commands in a directory and tells how it went.
 *
 * Owns their processes. Invariants: no shell is started that the line does not name; nothing of a command's process tree
 * is left when the answer is given; whatever it prints, only its end is kept in memory.
 */
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { limits } from '../core/limits.ts';
import { endProcessTree, type ProcessMarker } from '../platform/process-tree.ts';
import { startProcess, type ProcessExit, type StartedProcess } from '../platform/process.ts';
import { printable } from '../platform/text.ts';
import { parseCommands, type Command } from '../platform/command-words.ts';

export interface CheckOrder {
  /** One line as in a plan: `npm test && npm run lint`. */
  command: string;
  /** Absolute path; the commands' current directory. */
  directory: string;
  /** The commands' whole environment. */
  environment: Readonly<Record<string, string>>;
  /** For the whole line. */
  timeoutMs: number;
  /** Gets the output as it comes. */
  log: (text: string) => void;
  /** Ends it early. */
  signal?: AbortSignal;
}

export interface CheckOutcome {
  green: boolean;
  /** The end of the output, at most `limits.checkTailBytes`, or why nothing could be run. */
  tail: string;
  elapsedMs: number;
  /** False where it says nothing about the files: it was not started or was ended early. */
  conclusive: boolean;
}

/** Runs the commands of a line until one fails. Never throws. */
export async function runCheck(order: CheckOrder): Promise<CheckOutcome> {
  const startedAt = performance.now();
  const tail = keepTail(limits.checkTailBytes);
  const elapsedMs = (): number => Math.round(performance.now() - startedAt);
  const inconclusive = (why: string): CheckOutcome => {
    order.log(why);
    return { green: false, tail: `${tail.text()}\n${why}`.trim(), elapsedMs: elapsedMs(), conclusive: false };
  };
  const commands = parseCommands(order.command);
  if ('fault' in commands) return inconclusive(commands.fault);
  const deadline = AbortSignal.timeout(order.timeoutMs);
  for (const command of commands) {
    const stop = order.signal === undefined ? deadline : AbortSignal.any([deadline, order.signal]);
    const outcome = await runCommand(command, { order, stop, hear: (text) => tail.add(text) });
    if ('fault' in outcome) return inconclusive(outcome.fault);
    if (order.signal?.aborted === true) return inconclusive(`"${order.command}" was ended before it was finished`);
    if (deadline.aborted) {
      // What the files make endless is as red as what they break.
      const why = `"${order.command}" ran longer than ${Math.round(order.timeoutMs / 1_000)} s (checkTimeoutS) and was ended`;
      return { ...inconclusive(why), conclusive: true };
    }
    if (outcome.exitCode === 0) continue;
    if (outcome.signal !== null) tail.add(`\n[ended by ${outcome.signal}]`);
    return { green: false, tail: tail.text(), elapsedMs: elapsedMs(), conclusive: true };
  }
  return { green: true, tail: tail.text(), elapsedMs: elapsedMs(), conclusive: true };
}

interface Run {
  order: CheckOrder;
  stop: AbortSignal;
  hear: (text: string) => void;
}

async function runCommand(command: Command, { order, stop, hear }: Run): Promise<ProcessExit | { fault: string }> {
  if (stop.aborted) return { exitCode: null, signal: null };
  // By it everything that the command starts is found, also what leaves its session and loses its parent.
  const marker = { check: randomUUID() };
  const started = await startProcess({
    command: programPath(command.program, order.directory),
    args: command.args,
    cwd: order.directory,
    environment: { ...order.environment, ...command.environment, ORBIT_CHECK: marker.check },
    stdin: 'ignore',
  });
  if ('fault' in started) return started;
  const listen = (text: string): void => {
    hear(text);
    order.log(text);
  };
  const read = Promise.all([drain(started.stdout, listen), drain(started.stderr, listen)]);
  const exit = await exitOrStop(started, { stop, marker });
  // What it left in the background would write into a directory that is judged or given away next.
  await endProcessTree(started.identity, { marker, graceMs: 0, ownRoot: true });
  await Promise.race([read, new Promise((done) => setTimeout(done, limits.pipeDrainMs).unref())]);
  started.stdout.destroy();
  started.stderr.destroy();
  return exit;
}

/** `./test.sh` and `scripts/test` mean files of the directory; a bare name is looked up on the PATH. */
function programPath(program: string, directory: string): string {
  return program.includes('/') && !program.startsWith('/') ? `${directory}/${program}` : program;
}

async function exitOrStop(
  started: StartedProcess,
  { stop, marker }: { stop: AbortSignal; marker: ProcessMarker },
): Promise<ProcessExit> {
  const end = (): void => {
    void endProcessTree(started.identity, { marker, graceMs: limits.stopGraceMs, ownRoot: true });
  };
  stop.addEventListener('abort', end, { once: true });
  if (stop.aborted) end();
  try {
    return await started.exit;
  } finally {
    stop.removeEventListener('abort', end);
  }
}

async function drain(stream: Readable, hear: (text: string) => void): Promise<void> {
  const decoder = new TextDecoder();
  stream.on('data', (chunk: Buffer) => hear(printable(decoder.decode(chunk, { stream: true }))));
  await finished(stream).catch(() => undefined);
}

/** Keeps the end of a text in bounded memory. */
function keepTail(bytesMax: number): { add(text: string): void; text(): string } {
  let kept = '';
  return {
    add(text) {
      kept = (kept + text).slice(-4 * bytesMax);
    },
    text() {
      const bytes = Buffer.from(kept);
      if (bytes.length <= bytesMax) return kept;
      const end = bytes
        .subarray(-bytesMax)
        .toString('utf8')
        .replace(/^\uFFFD+/, '');
      return `…${end.slice(end.indexOf('\n') + 1)}`;
    },
  };
}
