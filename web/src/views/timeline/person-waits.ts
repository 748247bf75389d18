/** When tasks waited for a person, read off the log. Pure. */
import type { Event } from '../../../../src/api/contract.ts';
import type { PersonWaits } from './lanes.ts';

const ends = new Set([
  'task-retried',
  'work-approved',
  'task-closed',
  'task-reopened',
  'task-landed',
  'task-made-whole',
]);

/** @param now the end of waits that go on, epoch ms */
export function personWaits(events: readonly Event[], plan: string, now: number): PersonWaits {
  const waits = new Map<string, { from: number; to: number }[]>();
  const open = new Map<string, number>();
  for (const event of events) {
    const { task } = event;
    if (task === null || event.plan !== plan) continue;
    const at = Date.parse(event.at);
    const since = open.get(task);
    if (event.type === 'task-escalated' && since === undefined) open.set(task, at);
    if (since === undefined || !ends.has(event.type)) continue;
    open.delete(task);
    waits.set(task, [...(waits.get(task) ?? []), { from: since, to: at }]);
  }
  for (const [task, from] of open) waits.set(task, [...(waits.get(task) ?? []), { from, to: now }]);
  return waits;
}
