import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { attemptOf, claimOf, taskWith } from '../../../test/support/core-samples.ts';
import { migrations } from './schema.ts';
import { openSqliteStore } from './sqlite-store.ts';

function without(value: object, ...names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));
}

test('B9 I6 tasks and attempts of a store from before the ladder get its facts, and keep theirs', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-migrate-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const path = join(directory, 'orbit.db');
  const old = new DatabaseSync(path);
  old.exec(`${migrations[0]}; PRAGMA user_version = 1`);
  const claim = without(claimOf('claude-1', 7), 'rung', 'model');
  const task = { ...without(taskWith({ attempts: 3 }), 'rung', 'avoid', 'walls', 'origin'), claim };
  const idle = without(taskWith({ id: 'T2', key: '001/T2' }), 'rung', 'avoid', 'walls', 'origin');
  const names = ['rung', 'adapter', 'model', 'thinking', 'start', 'acted', 'cause', 'notes', 'pulse'];
  const { pulse, ...attempt } = attemptOf('001/T1', 7);
  const insert = old.prepare(`INSERT INTO task VALUES (?, ?, '001', '', 'running', 0, 0, 0, 0, ?)`);
  insert.run(1, '001/T1', JSON.stringify(task));
  insert.run(2, '001/T2', JSON.stringify(idle));
  old
    .prepare(`INSERT INTO attempt VALUES (7, '001/T1', '001', 1, ?, ?)`)
    .run(JSON.stringify(without(attempt, ...names)), JSON.stringify(pulse));
  old.close();
  await using store = await openSqliteStore({ path, busyMs: 1_000 });
  expect((await store.task('001/T1'))?.task).toEqual({ ...taskWith({ attempts: 3 }), claim: claimOf('claude-1', 7) });
  expect((await store.task('001/T2'))?.task).toEqual(taskWith({ id: 'T2', key: '001/T2' }));
  expect(await store.attempt(7)).toEqual({ ...attempt, pulse });
  expect(await store.accounts()).toEqual([]);
});
