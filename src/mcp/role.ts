/** Roles: which tools somebody is shown. A short list for each, because a model reads all of it at every turn. */
import type { Caller } from '../actions/caller.ts';
import type { Tool } from './tool.ts';

/** An agent's tools for its own attempt; a person's for looking. */
export type Role = Caller['kind'];

export async function toolsOf(role: Role): Promise<readonly Tool[]> {
  if (role === 'attempt') return (await import('./worker-tools.ts')).workerTools;
  return (await import('./person-tools.ts')).personTools;
}

/** Told to the model once, when it connects. */
export function instructionsFor(role: Role): string {
  return role === 'attempt'
    ? 'Orbit gave you one task. my_task tells it; progress says what you do; commit your work, then complete reports it. ' +
        'If you cannot go on: ask (a person), block (another task first), handoff (a fresh agent). These three end your attempt.'
    : 'Orbit works through plans of tasks with coding agents. These tools look; changes are made with the orbit command line.';
}
