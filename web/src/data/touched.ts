/** Which answers of the server events make old. Pure. */
import type { Event } from '../../../src/api/contract.ts';

/** What has to be asked again: the beginning of a key, as {@link ./keys.ts} builds them. */
export type Touched = readonly (string | number)[];

/** Anything that changes a task can change all of these. */
const ofTasks = [
  'overview',
  'orchestrator',
  'plans',
  'plan',
  'tasks',
  'inbox',
  'queue',
  'approvals',
  'timeline',
  'reservations',
  'why',
];

/** The kinds that a kind of event touches besides the log itself, by the beginning of its type; the first that fits. */
const byType: readonly (readonly [beginning: string, kinds: readonly string[]])[] = [
  ['message-', ['messages', 'inbox']],
  ['finding-', ['findings']],
  ['conflict-', ['reservations', 'inbox', 'queue', 'why']],
  ['account-', ['accounts', 'inbox', 'checks', 'why']],
  ['coordinator-', ['overview', 'orchestrator', 'queue', 'health']],
  ['clock-', ['health']],
  ['agent-', ['agents']],
  ['attempt-', [...ofTasks, 'agents', 'attempts', 'report']],
  ['task-claimed', [...ofTasks, 'agents', 'attempts', 'report']],
  ['task-done', [...ofTasks, 'agents', 'attempts', 'report']],
  ['landing-', [...ofTasks, 'landed']],
  ['task-landed', [...ofTasks, 'landed', 'report']],
  ['', ofTasks],
];

/** What `events` make old, each once. */
export function touchedBy(events: readonly Event[]): Touched[] {
  const found = new Map<string, Touched>();
  const add = (...touched: Touched): void => void found.set(JSON.stringify(touched), touched);
  for (const event of events) {
    for (const kind of byType.find(([beginning]) => event.type.startsWith(beginning))?.[1] ?? []) add(kind);
    if (event.plan !== null && event.task !== null)
      for (const kind of ['task', 'change']) add(kind, event.plan, event.task);
    if (event.attempt !== null) add('attempt', event.attempt);
  }
  return [...found.values()];
}
