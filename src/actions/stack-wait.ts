/** Whether unlanded work keeps a ready task back, as a coordinator would judge it now. Reads only. */
import { stackWait, type StackWait } from '../core/early-start.ts';
import type { TaskKey } from '../core/id.ts';
import { LandingPace } from '../core/landing-pace.ts';
import { limits } from '../core/limits.ts';
import { hasEnded } from '../core/status.ts';
import type { Task } from '../core/task.ts';
import type { Context } from './context.ts';

/** `null`: it does not, or nothing lands by itself, so that nobody waits for it. */
export async function stackWaitOf(context: Context, task: Task, now: number): Promise<StackWait | null> {
  const { landing } = await context.settings();
  const plan = await context.store.plan(task.plan);
  if ((plan?.landing ?? landing.mode) === 'off' || task.claim !== null || task.evidence !== null) return null;
  const known = await tasksBelow(context, task, landing.stackDepth);
  const isUnlanded = (one: Task | undefined): one is Task => one !== undefined && isProven(one);
  const look = {
    task: (key: TaskKey) => known.get(key) ?? null,
    unlanded: ({ dependencies }: Task) => dependencies.map((key) => known.get(key)).filter(isUnlanded),
  };
  // The usual case first: the log is read only where something lies below.
  if (look.unlanded(task).length === 0) return null;
  const rule = { depthMax: landing.stackDepth, pace: (await paceOf(context, task.plan)).now() };
  return stackWait(task, look, { rule, now });
}

function isProven(task: Task): boolean {
  return task.evidence !== null && !hasEnded(task);
}

/** What it needs, level by level as far as the rule looks, with what each is built on. */
async function tasksBelow({ store }: Context, task: Task, depthMax: number): Promise<Map<TaskKey, Task>> {
  const known = new Map<TaskKey, Task>();
  const read = async (key: TaskKey): Promise<Task | null> => {
    const found = known.get(key) ?? (await store.task(key))?.task ?? null;
    if (found !== null) known.set(key, found);
    return found;
  };
  let level: Task[] = [task];
  for (let depth = 0; depth <= depthMax + 1 && level.length > 0; depth += 1) {
    const next = new Set<Task>();
    for (const one of level) {
      for (const part of one.evidence?.builtOn ?? []) await read(part.task);
      for (const key of one.dependencies) {
        const below = await read(key);
        if (below !== null && isProven(below)) next.add(below);
      }
    }
    level = [...next];
  }
  return known;
}

async function paceOf({ store }: Context, plan: string): Promise<LandingPace> {
  const pace = new LandingPace();
  const since = Math.max(0, (await store.lastSeq()) - limits.paceEventsMax);
  for (const event of await store.events({ since, plan })) pace.note(event);
  return pace;
}
