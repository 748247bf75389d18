/** The steps of a scripted agent that do and say what good agents do. Each change of a file is told as real agents tell it. */
import { spawn } from 'node:child_process';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import type { Misbehaviour } from './misbehaviour.ts';
import type { Scene } from './scene.ts';
import type { Step } from './script.ts';

type WorkStep = Exclude<Step, Misbehaviour | { do: 'exit' | 'loop' | 'wait-for-hint' }>;
type FileStep = Extract<WorkStep, { path: string }>;

/** Kept from a program's output: enough for a reader, never a burden. */
const outputBytesMax = 16 * 1024;

export async function work(step: WorkStep, scene: Scene): Promise<void> {
  const { channel, fill } = scene;
  switch (step.do) {
    case 'write':
    case 'append':
    case 'edit':
    case 'delete':
      return changeFile(step, scene);
    case 'run':
      return run(step.command.map(fill), scene);
    case 'commit':
      return commit(fill(step.message), step.allowEmpty, scene);
    case 'report': {
      const noChanges = step.noChanges === null ? null : fill(step.noChanges);
      return channel.emit({ type: 'report', report: step.report, text: fill(step.text), noChanges });
    }
    case 'say':
      return channel.emit({ type: 'message', text: fill(step.text) });
    case 'think':
      return channel.emit({ type: 'thought', text: fill(step.text) });
    case 'tool': {
      const id = scene.nextCall();
      await channel.emit({ type: 'tool-call', id, tool: step.tool, input: fill(step.input) });
      return channel.emit({ type: 'tool-result', id, ok: step.ok, text: fill(step.text) });
    }
    case 'usage': {
      const { do: _, ...usage } = step;
      return channel.emit({ type: 'usage', ...usage });
    }
    case 'todo':
      return channel.emit({ type: 'todo', items: step.items.map((item) => ({ ...item, text: fill(item.text) })) });
    case 'error': {
      const { do: _, ...error } = step;
      return channel.emit({ type: 'error', ...error, text: fill(step.text) });
    }
    case 'sleep':
      return channel.pause(step.ms);
  }
}

async function changeFile(step: FileStep, scene: Scene): Promise<void> {
  const { channel, fill } = scene;
  const path = fill(step.path);
  const id = scene.nextCall();
  await channel.emit({ type: 'tool-call', id, tool: step.do, input: path });
  const fault = await changed(step, resolve(scene.directory, path), fill).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
  await channel.emit({ type: 'tool-result', id, ok: fault === null, text: fault ?? '' });
  if (fault === null) await channel.emit({ type: 'file-change', path });
}

async function changed(step: FileStep, file: string, fill: (text: string) => string): Promise<void> {
  if (step.do === 'delete') return rm(file, { recursive: true });
  if (step.do === 'edit') {
    const before = await readFile(file, 'utf8');
    const find = fill(step.find);
    if (!before.includes(find)) throw new Error(`${JSON.stringify(find)} is not in ${fill(step.path)}`);
    return writeFile(
      file,
      before.replaceAll(find, () => fill(step.replace)),
    );
  }
  await mkdir(dirname(file), { recursive: true });
  return step.do === 'append' ? appendFile(file, fill(step.text)) : writeFile(file, fill(step.text));
}

async function commit(message: string, allowEmpty: boolean, scene: Scene): Promise<void> {
  const name = 'Scripted Agent';
  const email = 'scripted@orbit.invalid';
  // Whoever starts the agent decides its name; without one git would ask the machine's owner's settings, or refuse.
  const author = {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
  };
  const withAuthor = { ...scene, environment: { ...author, ...scene.environment } };
  await run(['git', 'add', '--all'], withAuthor);
  await run(['git', 'commit', '--quiet', ...(allowEmpty ? ['--allow-empty'] : []), '--message', message], withAuthor);
}

/** Runs a program to its end and tells it as a tool call; a failing one is a failed call, and the play goes on. */
async function run(command: readonly string[], scene: Scene): Promise<void> {
  const id = scene.nextCall();
  await scene.channel.emit({ type: 'tool-call', id, tool: 'run', input: JSON.stringify(command) });
  const { ok, text } = await outcome(command, scene);
  await scene.channel.emit({ type: 'tool-result', id, ok, text });
}

async function outcome(command: readonly string[], scene: Scene): Promise<{ ok: boolean; text: string }> {
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd: scene.directory,
    env: scene.environment,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString('utf8')).slice(-outputBytesMax);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  return new Promise((answer) => {
    child.once('error', (error) => answer({ ok: false, text: error.message }));
    child.once('close', (exitCode, signal) => {
      const end = exitCode === 0 ? '' : `exit ${exitCode ?? signal ?? 'unknown'}\n`;
      answer({ ok: exitCode === 0, text: `${end}${output}` });
    });
  });
}
