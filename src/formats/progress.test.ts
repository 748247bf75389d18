import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { progressJson } from './progress.ts';
import type { ProgressTask } from './progress-task.ts';

const at = (time: string): number => Date.parse(`2026-01-05T${time}Z`);

const task = (id: string, layer: number | null, facts: Partial<ProgressTask> = {}): ProgressTask => ({
  id,
  layer,
  status: 'blocked',
  agent: null,
  assignedTo: null,
  worktree: null,
  pr: null,
  prStatus: null,
  dependencies: facts.waitingFor ?? [],
  waitingFor: [],
  startedAt: null,
  completedAt: null,
  ...facts,
});

const plan = {
  layerList: [1, 2, 3].map((number) => ({ number, title: `Layer ${number}` })),
  layers: 'hints' as const,
};

const tasks: ProgressTask[] = [
  task('T031', 1, {
    status: 'completed',
    agent: 'claude',
    assignedTo: 'claude',
    worktree: 'T031-7',
    pr: 123,
    prStatus: 'pending_review',
    completedAt: at('14:15:00'),
  }),
  task('T032', 1, {
    status: 'in_progress',
    agent: 'claude',
    assignedTo: 'claude',
    worktree: 'T032-8',
    startedAt: at('14:30:00.750'),
  }),
  task('T033', 1, { status: 'available', assignedTo: 'copilot' }),
  task('T034', 2, { assignedTo: 'copilot', waitingFor: ['T033'] }),
  task('T038', 2, { assignedTo: 'claude', dependencies: ['T031', 'T034'], waitingFor: ['T034'] }),
  task('T047', 2, { dependencies: ['T031', 'T032'], waitingFor: ['T032'] }),
  task('T051', 3, { waitingFor: ['T038', 'T047'] }),
];

const layersOf = (of: readonly ProgressTask[], layers: 'hints' | 'hard' = 'hints'): unknown =>
  JSON.parse(progressJson({ plan: { ...plan, layers }, tasks: of, now: 0 })).layers;

test('A2 writes the file line by line in a fixed order', () => {
  expect(progressJson({ plan, tasks, now: at('14:32:15.999') })).toBe(`{
  "last_updated": "2026-01-05T14:32:15Z",
  "layers": {
    "1": { "status": "in_progress", "completed": 1, "total": 3, "blocking_layer_2": true },
    "2": { "status": "blocked", "waiting_for": "layer_1", "completed": 0, "total": 3 },
    "3": { "status": "blocked", "waiting_for": "layer_2", "completed": 0, "total": 1 }
  },
  "tasks": {
    "T031": { "status": "completed", "agent": "claude", "worktree": "T031-7", "pr": "#123", "pr_status": "pending_review", "completed_at": "2026-01-05T14:15:00Z" },
    "T032": { "status": "in_progress", "agent": "claude", "worktree": "T032-8", "started_at": "2026-01-05T14:30:00Z" },
    "T033": { "status": "available", "dependencies": [], "assigned_to": "copilot" },
    "T034": { "status": "blocked", "dependencies": ["T033"], "assigned_to": "copilot" },
    "T038": { "status": "blocked", "dependencies": ["T031", "T034"], "assigned_to": "claude" },
    "T047": { "status": "blocked", "dependencies": ["T031", "T032"] },
    "T051": { "status": "blocked", "dependencies": ["T038", "T047"] }
  }
}
`);
});

test('A2 a plan without tasks is a file too', () => {
  expect(JSON.parse(progressJson({ plan: { layerList: [], layers: 'hints' }, tasks: [], now: 0 }))).toEqual({
    last_updated: '1970-01-01T00:00:00Z',
    layers: {},
    tasks: {},
  });
});

test('A2 layers: available, in progress, completed, blocked', () => {
  expect(
    layersOf([task('A1', 1, { status: 'completed' }), task('A2', 2, { status: 'available' }), task('A3', 4)]),
  ).toEqual({
    1: { status: 'completed', completed: 1, total: 1 },
    2: { status: 'available', completed: 0, total: 1 },
    3: { status: 'completed', completed: 0, total: 0 },
    4: { status: 'blocked', completed: 0, total: 1 },
  });
});

test('A2 A4 a layer whose finished work is not landed yet may still block another', () => {
  const of = [task('A1', 1, { status: 'completed' }), task('A2', 2, { waitingFor: ['A1'] })];
  expect(layersOf(of)).toEqual({
    1: { status: 'completed', completed: 1, total: 1, blocking_layer_2: true },
    2: { status: 'blocked', waiting_for: 'layer_1', completed: 0, total: 1 },
    3: { status: 'completed', completed: 0, total: 0 },
  });
});

test('A2 A5 hard layers wait for the first one that is not complete', () => {
  const of = [task('A1', 1, { status: 'available' }), task('A2', 2), task('A3', 3)];
  expect(layersOf(of, 'hard')).toEqual({
    1: { status: 'available', completed: 0, total: 1, blocking_layer_2: true, blocking_layer_3: true },
    2: { status: 'blocked', waiting_for: 'layer_1', completed: 0, total: 1 },
    3: { status: 'blocked', waiting_for: 'layer_1', completed: 0, total: 1 },
  });
});

test('A2 the text is always JSON and counts every task of a layer once', () => {
  const any = fc.record({
    id: fc.string({ minLength: 1 }),
    layer: fc.option(fc.nat(4)),
    status: fc.constantFrom('available', 'blocked', 'in_progress', 'completed'),
    agent: fc.option(fc.string()),
    assignedTo: fc.option(fc.string()),
    worktree: fc.option(fc.string()),
    pr: fc.option(fc.nat()),
    prStatus: fc.constantFrom(null, 'pending_review', 'approved', 'merged', 'rejected'),
    dependencies: fc.array(fc.string()),
    waitingFor: fc.array(fc.string()),
    startedAt: fc.option(fc.nat()),
    completedAt: fc.option(fc.nat()),
  }) as fc.Arbitrary<ProgressTask>;
  fc.assert(
    fc.property(fc.uniqueArray(any, { selector: (t) => t.id, maxLength: 8 }), (of) => {
      const text = progressJson({ plan, tasks: of, now: 0 });
      const read = JSON.parse(text) as { layers: Record<string, { total: number; completed: number }>; tasks: object };
      expect(Object.keys(read.tasks).toSorted()).toEqual(of.map((t) => t.id).toSorted());
      const totals = Object.values(read.layers).reduce((sum, layer) => sum + layer.total, 0);
      expect(totals).toBe(of.filter((t) => t.layer !== null).length);
      expect(progressJson({ plan, tasks: of, now: 0 })).toBe(text);
    }),
    { numRuns: 300 },
  );
});
