/**
 * The steps of a scripted agent that do what agents should not: they hang, flood, lie, crash, escape. They are how Orbit's
 * promises are proven on real processes.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Scene } from './scene.ts';
import type { Step } from './script.ts';

const kinds = ['hang', 'flood', 'garbage', 'crash', 'lie', 'escape'] as const;

export type Misbehaviour = Extract<Step, { do: (typeof kinds)[number] }>;

export function isMisbehaviour(step: Step): step is Misbehaviour {
  return kinds.some((kind) => kind === step.do);
}

/** Plays one; answers an exit code if it ends the play, else `null`. */
export async function misbehave(step: Misbehaviour, scene: Scene): Promise<number | null> {
  if (step.do === 'crash') return step.signal === null ? step.exitCode : dieBy(step.signal);
  if (step.do === 'hang') return hang(step.ignoreTerm);
  if (step.do === 'flood') await flood(step, scene);
  if (step.do === 'garbage') await garbage(step.kind, scene);
  if (step.do === 'lie') await lie(scene.fill(step.text), scene);
  if (step.do === 'escape') await escape(step.holdOutput, scene);
  return null;
}

/** Never ends by itself; `ignoreTerm` also takes no polite end. */
async function hang(ignoreTerm: boolean): Promise<never> {
  if (ignoreTerm) process.on('SIGTERM', () => undefined);
  // Something has to keep the process alive once nothing else does.
  setInterval(() => undefined, 60_000);
  return new Promise<never>(() => undefined);
}

async function dieBy(signal: string): Promise<never> {
  process.kill(process.pid, signal);
  return hang(false);
}

async function flood(step: Extract<Step, { do: 'flood' }>, { channel, output, errors }: Scene): Promise<void> {
  const to = step.stream === 'out' ? output : errors;
  const end = step.newline ? '\n' : '';
  for (let line = 1; line <= step.lines; line += 1) await channel.write(`flood ${line}${end}`, to);
  const piece = Buffer.alloc(64 * 1024, step.newline ? `${'x'.repeat(127)}\n` : 'x');
  for (let left = step.bytes; left > 0; left -= piece.length)
    await channel.write(left < piece.length ? piece.subarray(0, left) : piece, to);
}

async function lie(text: string, { channel }: Scene): Promise<void> {
  await channel.emit({ type: 'message', text });
  await channel.emit({ type: 'report', report: 'complete', text, noChanges: null });
}

async function garbage(kind: Extract<Step, { do: 'garbage' }>['kind'], { channel }: Scene): Promise<void> {
  for (const [name, bytes] of Object.entries(garbageOf())) {
    if (kind !== name && kind !== 'all') continue;
    await channel.write(bytes);
    await channel.write('\n');
  }
}

function garbageOf(): Record<Exclude<Extract<Step, { do: 'garbage' }>['kind'], 'all'>, Uint8Array | string> {
  const deep = 100_000;
  return {
    utf8: Buffer.from([0x22, 0xc3, 0x28, 0xff, 0xfe, 0xed, 0xa0, 0x80, 0xf0, 0x9f]),
    json: '{"type":"message","text":"cut\n{"type":42}\n{"type":"end","exitCode":0}\n{"type":"report","report":"landed"}',
    nul: 'a\0b {"type":"message","text":"\\u0000\\ud800"}\n{"type":"message","text":"nul \\u0000 \\ud800"}',
    deep: `{"type":"message","text":"deep","more":${'['.repeat(deep)}${']'.repeat(deep)}}`,
  };
}

/** Leaves a process behind that left the session and the process group, and says its number. */
async function escape(holdOutput: boolean, scene: Scene): Promise<void> {
  const stdio = holdOutput ? 'inherit' : 'ignore';
  const child = spawn('sleep', ['86400'], {
    cwd: scene.directory,
    env: scene.environment,
    detached: true,
    stdio: ['ignore', stdio, stdio],
  });
  await once(child, 'spawn');
  child.unref();
  await scene.channel.emit({ type: 'message', text: `escaped: ${child.pid}` });
}
