/** Where a scripted agent plays: its streams, its environment, and what its texts may name. */
import type { Readable, Writable } from 'node:stream';
import type { Channel } from './channel.ts';

export interface Stage {
  /** The workspace. */
  directory: string;
  environment: Readonly<Record<string, string | undefined>>;
  input: Readable;
  output: Writable;
  errors: Writable;
}

/** What a step needs to be played. */
export interface Scene extends Stage {
  channel: Channel;
  /** Fills `{task}`, `{plan}`, `{token}`, `{attempt}` and `{title}` in. */
  fill: (text: string) => string;
  /** A new id for a tool call: `call-1`, `call-2`, … */
  nextCall: () => string;
}

export function sceneOf(stage: Stage, channel: Channel): Scene {
  const { environment } = stage;
  const values: Readonly<Record<string, string>> = {
    task: taskName(environment),
    plan: environment['ORBIT_PLAN'] ?? '',
    token: environment['ORBIT_TOKEN'] ?? '',
    attempt: String(attemptOf(environment)),
    title: environment['ORBIT_TITLE'] ?? taskName(environment),
  };
  let calls = 0;
  return {
    ...stage,
    channel,
    fill: (text) => text.replaceAll(/\{(task|plan|token|attempt|title)\}/g, (_all, name: string) => values[name] ?? ''),
    nextCall(): string {
      calls += 1;
      return `call-${calls}`;
    },
  };
}

/** The task's name without its plan. */
export function taskName(environment: Stage['environment']): string {
  return environment['ORBIT_TASK']?.split('/').at(-1) ?? '';
}

/** Which attempt at its task this is: 1, 2, … */
export function attemptOf(environment: Stage['environment']): number {
  return Math.max(1, Math.trunc(Number(environment['ORBIT_ATTEMPT'] ?? '1')) || 1);
}
