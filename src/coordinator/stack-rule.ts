/** The rule of early starts for this moment: the settings' depth, and the landing queue's pace as read from the log. */
import type { StackRule } from '../core/early-start.ts';
import type { TaskKey } from '../core/id.ts';
import type { Task } from '../core/task.ts';
import type { TaskRecord } from '../store/store.ts';
import { plansThatLand } from './plans.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import type { CoordinatorState } from './state.ts';

/** `null` where no plan lands by itself: then nobody could wait for it. */
export async function stackRule(
  { store }: Pick<CoordinatorPorts, 'store'>,
  settings: CoordinatorSettings,
  { pace }: CoordinatorState,
): Promise<StackRule | null> {
  const { stackDepthMax: depthMax, plans, limits } = settings;
  const unlanded = new Set((await plansThatLand({ store }, settings, 'off')).map(({ id }) => id));
  if (unlanded.size === plans.length) return null;
  if (pace.seq < 0) pace.seq = Math.max(0, (await store.lastSeq()) - limits.paceEventsMax);
  for (;;) {
    const events = await store.events({ since: pace.seq, limit: 1_000 });
    for (const event of events) if (event.plan !== null && plans.includes(event.plan)) pace.watch.note(event);
    pace.seq = events.at(-1)?.seq ?? pace.seq;
    if (events.length < 1_000) return { depthMax, pace: pace.watch.now(), unlanded };
  }
}

/** Tasks of other plans than those of `records` that these need or are built on. */
export async function foreignTasks(
  { store }: Pick<CoordinatorPorts, 'store'>,
  records: readonly TaskRecord[],
): Promise<Task[]> {
  const own = new Set(records.map(({ task }) => task.key));
  const foreign = new Set<TaskKey>();
  for (const { task } of records) {
    const below = task.evidence?.builtOn?.map((part) => part.task) ?? [];
    for (const key of [...task.dependencies, ...below]) if (!own.has(key)) foreign.add(key);
  }
  const found = await Promise.all([...foreign].map(async (key) => store.task(key)));
  return found.flatMap((record) => (record === null ? [] : [record.task]));
}
