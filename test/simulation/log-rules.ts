/** Invariants that each event of the log must keep, judged before it is folded into the history. */
import type { Event } from '../../src/core/event.ts';
import type { TaskKey } from '../../src/core/id.ts';
import { isLanded, isMet, unblockOf, type Fault } from './rule.ts';
import { pathsInScope, sharedPath, stackDepthMax } from './scenario.ts';
import type { Simulation } from './simulation.ts';

export function oneLiveClaim({ history }: Simulation, { task, body }: Event): Fault {
  if (body.type !== 'task-claimed' || task === null) return null;
  const claim = history.tasks.get(task)?.claim ?? null;
  return claim === null ? null : `${task} was claimed by ${body.token} while ${claim.token} holds it`;
}

export async function oneLiveAttempt({ store }: Simulation): Promise<Fault> {
  const live = await store.attempts({ live: true });
  const keys = live.map(({ task }) => task);
  return new Set(keys).size === keys.length ? null : `two live attempts of one task: ${keys.join(', ')}`;
}

export function noOldToken({ history }: Simulation, { task, body }: Event): Fault {
  if (task === null) return null;
  const held = history.tasks.get(task)?.claim?.token ?? null;
  const written =
    body.type === 'task-done'
      ? body.evidence.token
      : body.type === 'attempt-prepared' || body.type === 'completion-reported' || body.type === 'attempt-ended'
        ? body.token
        : held;
  return written === held ? null : `${body.type} on ${task} by ${written}, but ${held} holds it`;
}

export function tokensGrow({ history }: Simulation, { body }: Event): Fault {
  if (body.type !== 'task-claimed' || body.token > history.lastToken) return null;
  return `token ${body.token} came after ${history.lastToken}`;
}

export function noneInvented({ ledger }: Simulation, { seq, actor, task, body }: Event): Fault {
  const call = ledger.calls.findLast(({ from, to }) => from < seq && seq <= to);
  if (call === undefined) return `nobody wrote event ${seq} (${body.type})`;
  if (call.actor !== actor) return `event ${seq} (${body.type}) is by ${actor}, written by ${call.actor}`;
  return call.task === null || call.task === task ? null : `event ${seq} concerns ${task}, the command ${call.task}`;
}

export function attemptsAreBounded({ history, scenario }: Simulation, { task, body }: Event): Fault {
  if (body.type !== 'task-claimed' || task === null) return null;
  const known = history.tasks.get(task);
  const attempts = (known?.attempts ?? 0) + 1;
  // Whoever makes tasks does not make budget.
  const own = Math.max(1, scenario.limits.attemptsMax - (known?.origin?.depth ?? 0));
  const allowed = own + (history.pardons.get(task) ?? 0);
  return attempts <= allowed ? null : `${task} is tried a ${attempts}. time, ${allowed} are allowed`;
}

export function scopesDoNotOverlap({ history }: Simulation, { task, body }: Event): Fault {
  if (body.type !== 'task-claimed' || task === null) return null;
  const mine = new Set(pathsInScope(history.tasks.get(task)?.scope ?? []));
  mine.delete(sharedPath);
  for (const { task: other } of history.live()) {
    const met = pathsInScope(history.tasks.get(other)?.scope ?? []).find((path) => mine.has(path));
    if (met !== undefined) return `${task} starts while ${other} may write ${met} too`;
  }
  return null;
}

export function startsOnlyWhenAllowed({ history, needs, paused }: Simulation, { task: key, body }: Event): Fault {
  const task = body.type === 'task-claimed' && key !== null ? history.tasks.get(key) : undefined;
  if (task === undefined) return null;
  if (task.closed !== null || task.evidence !== null) return `${key} starts although it is done or closed`;
  if (task.inbox !== null || task.hold !== null || paused) return `${key} starts although a person has it`;
  const open = needs.get(task.key)?.find((needed) => !isMet(history.tasks.get(needed), unblockOf(history, needed)));
  return open === undefined ? null : `${key} starts before ${open} is finished`;
}

/** A10: at most so many levels of work that has not landed lie under an attempt that a coordinator starts. */
export function stacksAreShallow({ history, needs }: Simulation, { task: key, body }: Event): Fault {
  if (body.type !== 'task-claimed' || body.byHand || key === null) return null;
  const levels = (of: TaskKey): number => {
    const below = (needs.get(of) ?? []).filter((needed) => {
      const task = history.tasks.get(needed);
      return task !== undefined && task.evidence !== null && task.closed === null && !isLanded(task);
    });
    return Math.max(0, ...below.map((needed) => 1 + levels(needed)));
  };
  const depth = levels(key);
  return depth <= stackDepthMax ? null : `${key} starts on ${depth} levels of unlanded work`;
}

export function slotsAreKept({ history, scenario }: Simulation, { body }: Event): Fault {
  if (body.type !== 'task-claimed' || body.byHand) return null;
  const live = history.live().filter((attempt) => !attempt.byHand);
  const { parallelMax, agents } = scenario;
  if (parallelMax !== null && live.length >= parallelMax)
    return `attempt ${body.token} starts beside ${live.length} others, ${parallelMax} are allowed`;
  const twin = live.find(({ agent }) => agent === body.agent);
  if (twin !== undefined) return `${body.agent} starts attempt ${body.token} while it works on ${twin.token}`;
  const known = agents.some(({ name, slots }) => new RegExp(`^${name}-[1-${slots}]$`).test(body.agent));
  return known ? null : `there is no agent ${body.agent}`;
}

/** P6: nobody gets work on an account that rests, and it is opened by itself in its time only. */
export function accountsRest({ parked, scenario }: Simulation, { at, actor, body }: Event): Fault {
  if (body.type === 'account-unparked') {
    const until = parked.get(body.account) ?? 0;
    return actor === 'coordinator' && until > at ? `account ${body.account} is opened ${until - at} ms early` : null;
  }
  if (body.type !== 'task-claimed' || body.byHand) return null;
  const agent = scenario.agents.find(({ name }) => body.agent.startsWith(`${name}-`));
  const until = parked.get(agent?.account ?? '') ?? 0;
  return until > at
    ? `${body.agent} gets work on account ${agent?.account}, which rests for ${until - at} ms more`
    : null;
}
