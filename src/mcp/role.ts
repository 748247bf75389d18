/**
 * Roles: which tools somebody is shown. A short list for each, because a model reads all of it at every turn.
 *
 * Owns who may have which. An attempt is a worker, whatever it asks for: its role follows from its environment, and a flag changes
 * nothing about it. A person chooses.
 */
import type { Caller } from '../actions/caller.ts';
import { reject, type Rejection } from '../core/rejection.ts';
import { UsageError } from '../platform/error.ts';
import type { Tool } from './tool.ts';

/**
 * `worker`: an agent, for its own attempt. `observer`: looks. `manager`: delegates and follows. `orchestrator`: the service that E6
 * names.
 */
export type Role = 'worker' | 'observer' | 'manager' | 'orchestrator';

/** Those that a person may choose. */
const rolesOfPeople: readonly Role[] = ['orchestrator', 'manager', 'observer'];

/** @param wanted what was asked for by name; `null`: a person gets the orchestrator's. Throws `UsageError` `bad-flag`. */
export function roleOf(caller: Pick<Caller, 'kind' | 'capability'>, wanted: string | null): Role | Rejection {
  const isAgent = caller.kind === 'attempt' || caller.capability !== null;
  if (isAgent && (wanted === null || wanted === 'worker')) return 'worker';
  if (isAgent)
    return reject(
      'not-yours',
      `an attempt has the tools of a worker, not of ${wanted}`,
      'start orbit mcp without --role',
    );
  const role = rolesOfPeople.find((one) => one === (wanted ?? 'orchestrator'));
  if (role !== undefined) return role;
  throw new UsageError(
    'bad-flag',
    `there is no role ${JSON.stringify(wanted)} for people`,
    `one of ${rolesOfPeople.join(', ')}`,
  );
}

export async function toolsOf(role: Role): Promise<readonly Tool[]> {
  switch (role) {
    case 'worker':
      return (await import('./worker-tools.ts')).workerTools;
    case 'observer':
      return (await import('./observer-tools.ts')).observerTools;
    case 'manager':
      return (await import('./manager-tools.ts')).managerTools;
    case 'orchestrator':
      return (await import('./orchestrator-tools.ts')).orchestratorTools;
  }
}

const instructions: Readonly<Record<Role, string>> = {
  worker:
    'Orbit gave you one task. my_task tells it; progress says what you do; commit your work, then complete reports it. ' +
    'If you cannot go on: ask (a person), block (another task first), handoff (a fresh agent). These three end your attempt.',
  observer:
    'Orbit works through plans of tasks with coding agents. These tools look; changes are made with the orbit command line.',
  manager:
    'You coordinate coding agents; you do not edit files yourself. Split work into tasks with scopes that do not overlap, spawn_agent ' +
    'or execute_parallel puts agents on them, get_progress follows. Orbit checks and lands what they finish, in the order of ' +
    'their dependencies. why_task says what a task waits for.',
  orchestrator:
    'Orbit works through plans of tasks with coding agents and lands only proven work. get_orchestrator shows how things are; ' +
    'get_next_work what matters most; run_autonomous_cycle puts agents on it, spawn_agent on one task or module. Follow with ' +
    'get_orchestration_progress, and get_orchestration_events by cursor. A refusal says what to do next.',
};

/** Told to the model once, when it connects. */
export function instructionsFor(role: Role): string {
  return instructions[role];
}
