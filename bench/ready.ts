/**
 * What can be started now: the same price at a thousand tasks and at a million.
 *
 * The tasks of a small plan, made by the store itself, are copied in the database: a million events would take minutes and change
 * nothing here. One in five tasks is ready; the best twenty are asked for, as an agent's name may have them.
 */
import { join } from 'node:path';
import type { Database } from '../src/store/sqlite/database.ts';
import { openDatabase } from '../src/store/sqlite/open.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../src/store/store.ts';
import type { Measure, MeasureOptions, Row } from './measure.ts';
import { applyDraft, draftTask } from './project.ts';
import { inRounds, timed } from './rounds.ts';
import { makeScratch } from './scratch.ts';
import { median } from './statistics.ts';

export const measure: Measure = { name: 'ready', run };

const plan = '001';
const limit = 20;
const seedTasks = 1_000;
const callsPerSample = 200;
const busyMs = 10_000;
const sizeNames: Readonly<Record<number, string>> = { 1_000: '1,000', 100_000: '100,000', 1_000_000: '1,000,000' };

async function run({ quick, note }: MeasureOptions): Promise<Row[]> {
  const sizes = quick ? [1_000, 100_000] : [1_000, 100_000, 1_000_000];
  if (quick) note('ready: a quick run leaves 1,000,000 tasks out');
  using scratch = makeScratch();
  const cases: Record<string, () => Promise<number>> = {};
  const stores: Store[] = [];
  for (const size of sizes) {
    const path = join(scratch.directory, String(size), 'orbit.db');
    note(`ready: making ${size} tasks`);
    await fill(path, size);
    const store = await openSqliteStore({ path, busyMs });
    stores.push(store);
    const database = openDatabase({ path, readOnly: true, busyMs });
    const now = Date.now();
    const bare = `SELECT key FROM task INDEXED BY task_ready WHERE plan = ? AND standing = 'ready' AND unmet = 0 ORDER BY score DESC, number LIMIT ?`;
    cases[`ready ${size}`] = async () => perCall(async () => store.ready({ plan, limit }, now));
    cases[`bare ${size}`] = async () => perCall(() => database.all(bare, plan, limit));
  }
  const samples = await inRounds({ rounds: quick ? 20 : 60, warmUp: 3 }, cases);
  for (const store of stores) await store[Symbol.asyncDispose]();
  const of = (name: string): number => median(samples[name] ?? []);
  const rows = sizes.map((size): Row => ({
    what: `ready in process, best ${limit} of ${sizeNames[size]} tasks`,
    measured: { value: of(`ready ${size}`), unit: 'ms' },
    limit: { value: of(`bare ${size}`), unit: 'ms', of: 'keys alone, bare SQL' },
    goal: { of: 'measured', most: 0.05, below: true },
  }));
  const [smallest = 0, largest = 0] = [sizes.at(0), sizes.at(-1)];
  return [
    ...rows,
    {
      what: `  ${sizeNames[largest]} tasks over ${sizeNames[smallest]}`,
      measured: { value: of(`ready ${largest}`) / of(`ready ${smallest}`), unit: 'x' },
      goal: { of: 'measured', most: 1.5 },
    },
  ];
}

async function perCall(call: () => unknown): Promise<number> {
  const ms = await timed(async () => {
    for (let at = 0; at < callsPerSample; at += 1) await call();
  });
  return ms / callsPerSample;
}

async function fill(path: string, size: number): Promise<void> {
  await using store = await openSqliteStore({ path, busyMs });
  // Each fifth task is free to start, the four after it wait for it.
  const tasks = Array.from({ length: seedTasks }, (_, index) =>
    draftTask(`T${index}`, {
      dependencies: index % 5 === 0 ? [] : [`T${index - (index % 5)}`],
      estimateMs: 60_000 * (1 + ((index * 7_919) % 97)),
      scope: [`src/part-${index % 50}/**`],
    }),
  );
  await applyDraft(store, plan, tasks);
  const database = openDatabase({ path, readOnly: false, busyMs });
  database.script('PRAGMA synchronous = off');
  const copy = copyQuery(database);
  for (let copies = 1; copies < size / seedTasks; copies += 1) {
    database.transact({ durability: 'normal', quietly: true }, () => database.run(copy, copies, seedTasks));
  }
  database.script('ANALYZE');
  database.close();
}

/** Copies the first `?2` tasks under other keys, and with other scores, so that copies do not stand in one block. */
function copyQuery(database: Database): string {
  const changed: Readonly<Record<string, string>> = {
    key: `key || '-' || ?1`,
    id: `id || '-' || ?1`,
    score: 'score + ?1 % 977',
    body: `json_set(body, '$.id', (body ->> '$.id') || '-' || ?1, '$.key', key || '-' || ?1)`,
  };
  const columns = database.all<{ name: string }>(`SELECT name FROM pragma_table_info('task') WHERE name <> 'number'`);
  const names = columns.map(({ name }) => name);
  return `INSERT INTO task (${names.join(', ')}) SELECT ${names.map((name) => changed[name] ?? name).join(', ')} FROM task WHERE number <= ?2`;
}
