/**
 * Asks an agent's program about itself (`--version`, `--help`): runs it for a short while and takes what it prints.
 *
 * Owns the time limit and the end of what does not answer. The program gets a home of its own for the question, so
 * that nothing changes in the user's.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { findProgram, startProcess } from '../platform/process.ts';
import { endProcessTree } from '../platform/process-tree.ts';
import type { AgentSettings } from './agent.ts';
import { limits } from '../core/limits.ts';

export interface Asked {
  exitCode: number | null;
  /** Standard output and error, in the order they came; at most 1 MiB. */
  text: string;
}

/** The file that runs as the agent's program, and its leading arguments: those of the settings, else the usual name. */
export function agentProgram(
  settings: AgentSettings,
  usual: readonly string[],
  where: { directory: string; path: string },
): { path: string; args: readonly string[] } | { fault: string } {
  const [command = '', ...args] = settings.command ?? usual;
  if (command === '') return { fault: 'the setting "command" of this agent names no program' };
  // As for `command`: relative paths start at the project's top, never in the workspace that an agent may write.
  const found = findProgram(command.includes('/') ? resolve(where.directory, command) : command, where.path);
  return 'fault' in found ? found : { path: found.path, args };
}

/** Runs the program to its end, or until `timeoutMs` have passed: then it is ended and the answer is a fault. */
export async function askProgram(order: Question): Promise<Asked | { fault: string }> {
  // Programs make their folders even for a mere question, and some end when they cannot.
  const home = await mkdtemp(join(tmpdir(), 'orbit-ask-'));
  try {
    return await ask(order, home);
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

interface Question {
  command: string;
  args: readonly string[];
  path: string;
  timeoutMs?: number;
}

async function ask(order: Question, home: string): Promise<Asked | { fault: string }> {
  const timeoutMs = order.timeoutMs ?? limits.askProgramTimeoutMs;
  const child = await startProcess({
    command: order.command,
    args: order.args,
    cwd: home,
    environment: { PATH: order.path, HOME: home, TMPDIR: home, TERM: 'dumb', LANG: 'C.UTF-8', NO_COLOR: '1' },
    stdin: 'ignore',
  });
  if ('fault' in child) return child;
  const chunks: Buffer[] = [];
  let left = limits.lineBytesMax;
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => {
      if (left > 0) chunks.push(chunk.subarray(0, left));
      left -= chunk.length;
    });
  const closed = Promise.all(
    [child.stdout, child.stderr].map(async (stream) => new Promise((end) => stream.once('close', end))),
  );
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((answer) => {
    timer = setTimeout(() => answer(null), timeoutMs);
  });
  const exit = await Promise.race([Promise.all([child.exit, closed]).then(([ended]) => ended), late]);
  clearTimeout(timer);
  if (exit !== null) return { exitCode: exit.exitCode, text: Buffer.concat(chunks).toString('utf8') };
  await endProcessTree(child.identity, { marker: null, graceMs: 0, ownRoot: true });
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
  return { fault: `${order.command} ${order.args.join(' ')} did not answer within ${timeoutMs / 1_000} s` };
}
