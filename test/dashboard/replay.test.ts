/** The dashboard's replay against the program itself: the tasks of any moment, from events alone. */
import { expect, test } from 'vitest';
import { viewEvent } from '../../src/actions/list-events.ts';
import type { Event } from '../../src/core/event.ts';
import { evolveTask } from '../../src/core/evolve-task.ts';
import type { TaskKey } from '../../src/core/id.ts';
import type { Unblock } from '../../src/core/plan.ts';
import { deriveStatus, meetsDependency } from '../../src/core/status.ts';
import type { Task } from '../../src/core/task.ts';
import { Replay } from '../../web/src/replay/replay.ts';
import { Simulation } from '../simulation/simulation.ts';
import { makeScenario } from '../simulation/scenario.ts';

/** Faults, people, bounces, splits: everything that the simulator lets happen. */
const seeds = [3, 17, 2_041, 4_117, 9_001, 31_337];

async function loggedBy(seed: number): Promise<{ events: readonly Event[]; sim: Simulation }> {
  const sim = new Simulation(makeScenario(seed), {});
  await sim.run();
  return { events: sim.history.events, sim };
}

test.each(seeds)('C3, C9: at the last event the replay says what the store says (seed %i)', async (seed) => {
  const { events, sim } = await loggedBy(seed);
  expect(events.length).toBeGreaterThan(20);
  const now = sim.world.now();
  const stored = await sim.store.tasks({}, now);
  const shown = new Replay(events.map(viewEvent)).at(events.length, now);
  expect(new Map(shown.map(({ key, status }) => [key, status]))).toEqual(
    new Map(stored.map(({ task, unmet }) => [task.key, deriveStatus(task, unmet, now)])),
  );
  for (const { task, unmet } of stored) {
    const own = shown.find(({ key }) => key === task.key);
    expect(own).toMatchObject({
      title: task.title,
      layer: task.layer,
      holder: task.claim?.agent ?? null,
      token: task.claim?.token ?? task.evidence?.token ?? null,
      attempts: task.attempts,
    });
    expect(own?.waitingFor).toHaveLength(unmet);
  }
});

test.each(seeds.slice(0, 3))(
  'at every event the replay says what the full fold says, in any order of looks (seed %i)',
  async (seed) => {
    const { events, sim } = await loggedBy(seed);
    const unblock = sim.scenario.draft.unblock ?? 'done';
    const all = events.map(viewEvent);
    let replay = new Replay([]);
    const expected: string[] = [];
    const tasks = new Map<TaskKey, Task>();
    for (const { body, task: key, at, actor } of events) {
      const task = key === null ? null : evolveTask(tasks.get(key) ?? null, body as never, { key, at, actor });
      if (key !== null && task !== null) tasks.set(key, task);
      expected.push(statuses(tasks, { at, unblock }));
    }
    const order = [...events.keys()].toSorted((a, b) => ((a * 7_919) % events.length) - ((b * 7_919) % events.length));
    for (const index of order) {
      // As the page has it: it goes on when a later moment is asked for.
      if (replay.last <= index) replay = replay.grown(all.slice(0, index + 1));
      const shown = replay.at(index + 1).map(({ key, status }) => `${key} ${status}`);
      expect(shown.toSorted().join('\n')).toBe(expected[index]);
    }
  },
);

function statuses(tasks: ReadonlyMap<TaskKey, Task>, { at, unblock }: { at: number; unblock: Unblock }): string {
  const unmet = (task: Task): number =>
    task.dependencies.filter((key) => {
      const other = tasks.get(key);
      return other === undefined || !meetsDependency(other, unblock);
    }).length;
  return [...tasks.values()]
    .map((task) => `${task.key} ${deriveStatus(task, unmet(task), at)}`)
    .toSorted()
    .join('\n');
}

test('a log that lacks its beginning, or tells what nobody knows, breaks nothing', () => {
  const event = { seq: 5, at: '2026-01-01T00:00:00.000Z', actor: 'x', actorSeq: 1, plan: '001', attempt: null };
  const replay = new Replay([
    { ...event, type: 'task-landed', task: 'T1', data: {} },
    { ...event, seq: 6, type: 'constructor', task: 'T1', data: {} },
    { ...event, seq: 7, type: 'task-created', task: 'T2', data: {} },
    { ...event, seq: 8, type: 'from-a-newer-program', task: 'T2', data: { x: [1] } },
  ]);
  expect(replay.at(8)).toMatchObject([{ key: '001/T2', status: 'ready', title: '' }]);
  expect(replay.at(0)).toEqual([]);
});
