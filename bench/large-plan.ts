/**
 * A plan of 100,000 tasks: reading it, ranking it, and finishing one of its tasks.
 *
 * Each task waits for up to three earlier ones and writes one or two of 20,000 paths.
 */
import { join } from 'node:path';
import type { TaskKey } from '../src/core/id.ts';
import { rankTasks } from '../src/core/order.ts';
import { isRejection } from '../src/core/rejection.ts';
import type { Evidence } from '../src/core/task.ts';
import { openDatabase } from '../src/store/sqlite/open.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { Store, TaskRecord } from '../src/store/store.ts';
import { Random } from '../test/simulation/random.ts';
import type { Measure, MeasureOptions, Row } from './measure.ts';
import { applyDraft, draftTask } from './project.ts';
import { inRounds, timed } from './rounds.ts';
import { makeScratch } from './scratch.ts';
import { median } from './statistics.ts';

export const measure: Measure = { name: 'large-plan', run };

const plan = '001';
const paths = 20_000;
const busyMs = 10_000;

async function run({ quick, note }: MeasureOptions): Promise<Row[]> {
  const size = quick ? 20_000 : 100_000;
  if (quick) note(`large-plan: a quick run has ${size} tasks`);
  using scratch = makeScratch();
  const path = join(scratch.directory, 'orbit.db');
  await using store = await openSqliteStore({ path, busyMs });
  const applyMs = await timed(async () => applyDraft(store, plan, draft(size)));
  const database = openDatabase({ path, readOnly: false, busyMs });
  using _close = { [Symbol.dispose]: () => database.close() };
  const many = await inRounds(
    { rounds: quick ? 5 : 9, warmUp: 1 },
    {
      load: async () => timed(async () => rank(await store.tasks({ plan }, Date.now()))),
      read: async () => timed(() => database.all('SELECT body FROM task WHERE plan = ? ORDER BY number', plan)),
    },
  );
  database.run('CREATE TABLE bench (one INTEGER PRIMARY KEY, at INTEGER NOT NULL) STRICT');
  database.run('INSERT INTO bench VALUES (1, 0)');
  const bare = (durability: 'full' | 'normal') => async (): Promise<number> =>
    timed(() => database.transact({ durability }, () => database.run('UPDATE bench SET at = at + 1 WHERE one = 1')));
  const one = await inRounds(
    { rounds: quick ? 100 : 400, warmUp: 10 },
    {
      durable: async () => completeOne(store, true),
      bareDurable: bare('full'),
      quick: async () => completeOne(store, false),
      bareQuick: bare('normal'),
    },
  );
  const name = size.toLocaleString('en');
  const ms = (value: number, of?: string) => ({ value, unit: 'ms' as const, ...(of === undefined ? {} : { of }) });
  const below = { of: 'measured', most: 1, below: true } as const;
  return [
    {
      what: `${name} tasks: load and rank`,
      measured: ms(median(many.load)),
      limit: ms(median(many.read), 'reading the rows'),
      goal: { ...below, most: 1_000 },
    },
    {
      what: `${name} tasks: a completion, kept on disk`,
      measured: ms(median(one.durable)),
      limit: ms(median(one.bareDurable), 'an empty durable commit'),
      goal: below,
    },
    {
      what: '  the same, not waiting for the disk',
      measured: ms(median(one.quick)),
      limit: ms(median(one.bareQuick), 'an empty commit'),
      goal: below,
    },
    { what: `${name} tasks: first import, per task`, measured: ms(applyMs / size) },
  ];
}

function draft(size: number): ReturnType<typeof draftTask>[] {
  const random = new Random(4);
  return Array.from({ length: size }, (_, index) => {
    const needs = index < 200 ? 0 : random.int(0, 3);
    const dependencies = [
      ...new Set(Array.from({ length: needs }, () => `T${random.int(Math.max(0, index - 5_000), index - 1)}`)),
    ];
    const scope = Array.from({ length: random.int(1, 2) }, () => `src/file-${random.int(0, paths - 1)}.ts`);
    return draftTask(`T${index}`, { dependencies, scope, estimateMs: random.int(5, 90) * 60_000 });
  });
}

function rank(records: readonly TaskRecord[]): number {
  const open = records.map(({ task: { key, dependencies, estimateMs, kind, priority, scope, evidence, closed } }) => {
    return {
      key,
      dependencies,
      estimateMs,
      kind,
      priority,
      scope,
      open: evidence === null && closed === null,
      readyAt: null,
    };
  });
  return rankTasks(open, { now: Date.now() }).scores.size;
}

/** Claims the best task, untimed, and times its completion: the fenced write, its dependants' counts, the event. */
async function completeOne(store: Store, durable: boolean): Promise<number> {
  const now = Date.now();
  const claimed = await store.claim(
    {
      agent: 'agent',
      plan,
      task: null,
      byHand: true,
      leaseMs: 60_000,
      shared: [],
      base: null,
      workspace: null,
      branch: null,
    },
    'bench',
    now,
  );
  if (isRejection(claimed)) throw new Error(claimed.message);
  const { token, task } = claimed;
  const evidence: Evidence = {
    token,
    agent: 'agent',
    commit: null,
    base: null,
    tree: null,
    branch: null,
    commits: 0,
    files: 0,
    checks: [],
    noChanges: 'measured',
    at: now,
  };
  let answer: unknown;
  const ms = await timed(async () => (answer = await prove(store, task.key, { token, evidence, now, durable })));
  if (isRejection(answer)) throw new Error((answer as { message: string }).message);
  return ms;
}

async function prove(
  store: Store,
  key: TaskKey,
  { token, evidence, now, durable }: { token: number; evidence: Evidence; now: number; durable: boolean },
): Promise<unknown> {
  return store.execute(key, { type: 'prove', token, evidence }, { actor: 'bench', now, durable });
}
