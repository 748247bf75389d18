/**
 * The caller: who an action is done for.
 *
 * Owns the rule that an agent's process acts as its attempt and everybody else as the person at the keyboard (I17).
 */
import { userInfo } from 'node:os';
import { taskKey, type TaskKey } from '../core/id.ts';
import { reject, type Rejection } from '../core/rejection.ts';
import { UsageError } from '../platform/error.ts';

interface Named {
  actor: string;
  name: string;
  plan: string | null;
  /** What it shows to prove that it acts for an attempt; whether it does is looked at where an attempt is written to. */
  capability: string | null;
}

export type Caller =
  | (Named & { kind: 'person'; agent: string | null })
  | (Named & { kind: 'attempt'; agent: string; token: number; task: TaskKey | null });

/** Reads who calls from `ORBIT_TOKEN`, `ORBIT_AGENT`, `ORBIT_TASK`, `ORBIT_PLAN`, `ORBIT_CAPABILITY`. Throws `UsageError` `unknown-attempt`. */
export function callerOf(environment: Readonly<Record<string, string | undefined>>): Caller {
  const plan = filled(environment['ORBIT_PLAN']);
  const agent = filled(environment['ORBIT_AGENT']);
  const token = filled(environment['ORBIT_TOKEN']);
  const capability = filled(environment['ORBIT_CAPABILITY']);
  if (token === null) {
    const name = filled(environment['USER']) ?? filled(environment['LOGNAME']) ?? userName();
    return { kind: 'person', actor: `person:${name.replace(/[^\w.-]/g, '_')}`, name, plan, capability, agent };
  }
  if (!/^[1-9]\d{0,14}$/.test(token) || agent === null) {
    throw new UsageError(
      'unknown-attempt',
      'ORBIT_TOKEN must be a number and come with ORBIT_AGENT',
      'unset ORBIT_TOKEN to act as yourself',
    );
  }
  return {
    kind: 'attempt',
    actor: agent,
    name: agent,
    plan,
    capability,
    agent,
    token: Number(token),
    task: keyOf(plan, filled(environment['ORBIT_TASK'])),
  };
}

/** The refusal when an attempt reaches for a task that is not its own; `null` when the caller may. */
export function refuseOthers(caller: Caller, key: TaskKey): Rejection | null {
  if (caller.kind === 'person' || caller.task === null || caller.task === key) return null;
  return reject(
    'not-yours',
    `attempt ${caller.token} works on ${caller.task}, not on ${key}`,
    `leave ${key} to whoever holds it; orbit send tells them something`,
  );
}

/** The refusal of what an attempt may not do. Of what only a person may, `refuse-agents.ts` decides. */
export function refuseAttempts(caller: Caller, what: string): Rejection | null {
  if (caller.kind === 'person') return null;
  return reject(
    'not-yours',
    `attempt ${caller.token} of ${caller.agent} may not ${what}`,
    'orbit block <task> --question asks a person',
  );
}

function keyOf(plan: string | null, task: string | null): TaskKey | null {
  if (task === null) return null;
  if (task.includes('/')) return task as TaskKey;
  return plan === null ? null : taskKey(plan, task);
}

function filled(value: string | undefined): string | null {
  return value === undefined || value === '' ? null : value;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? 'somebody');
  }
}
