import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, onTestFinished, test } from 'vitest';
import { at, claimed, draftTask, expectSound, finish, load, start } from '../../../test/conformance/store-fixture.ts';
import type { OperationalError } from '../../platform/error.ts';
import type { Store } from '../store.ts';
import { isSafeSqlite, openDatabase } from './open.ts';
import { migrations } from './schema.ts';
import { openSqliteStore } from './sqlite-store.ts';
import { readyQueries } from './task-rows.ts';

function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'orbit-open-'));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function open(path: string, options: { readOnly?: boolean; busyMs?: number } = {}): Promise<Store> {
  return openSqliteStore({ path, busyMs: 5_000, ...options });
}

/** Runs SQL behind the store's back. */
function tamper(path: string, sql: string): void {
  const connection = new DatabaseSync(path, { timeout: 5_000 });
  connection.exec(sql);
  connection.close();
}

async function failure(
  promise: Promise<unknown>,
): Promise<Pick<OperationalError, 'code' | 'retryable' | 'message' | 'hint'>> {
  const error = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toMatchObject({ name: 'OperationalError' });
  return error as OperationalError;
}

test('SQLite libraries that can damage a shared file are refused', () => {
  const safe = ['3.51.3', '3.53.0', '3.53.4', '3.50.7', '3.50.8', '3.44.6', '3.60.0', '4.0.0'];
  const unsafe = ['3.51.2', '3.50.4', '3.50.6', '3.44.5', '3.45.1', '3.49.9', '3.7.17', '2.8.0', 'none'];
  expect([...safe, ...unsafe].filter(isSafeSqlite)).toEqual(safe);
});

test('a store of a newer program is refused by both versions, and left as it is', async () => {
  const path = join(folder(), 'orbit.db');
  await (await open(path))[Symbol.asyncDispose]();
  const newer = migrations.length + 1;
  tamper(path, `PRAGMA user_version = ${newer}`);
  const { code, message } = await failure(open(path));
  expect(code).toBe('store-too-new');
  expect(message).toContain(`version ${newer}`);
  expect(message).toContain(`up to ${migrations.length}`);
  expect(message).toContain(path);
});

test('what is not a database is not opened, and not touched', async () => {
  const path = join(folder(), 'orbit.db');
  const text = 'this is no database\n'.repeat(500);
  writeFileSync(path, text);
  expect(await failure(open(path))).toMatchObject({ code: 'store-damaged', retryable: false });
  expect(readFileSync(path, 'utf8')).toBe(text);
});

test('a database with a destroyed page is reported as damaged', async () => {
  const path = join(folder(), 'orbit.db');
  const store = await open(path);
  await load(
    store,
    Array.from({ length: 200 }, (_, index) => draftTask(`T${index}`)),
  );
  await store[Symbol.asyncDispose]();
  const bytes = readFileSync(path);
  writeFileSync(path, bytes.fill(0x5a, 4096 * 2));
  const broken = async (): Promise<void> => {
    await using again = await open(path);
    await again.tasks({}, start);
  };
  expect(await failure(broken())).toMatchObject({ code: 'store-damaged' });
});

test('a directory in its place, or a file in its way, makes the store unavailable', async () => {
  const directory = folder();
  mkdirSync(join(directory, 'orbit.db'));
  expect(await failure(open(join(directory, 'orbit.db')))).toMatchObject({ code: 'store-unavailable' });
  writeFileSync(join(directory, 'file'), '');
  const { code, hint } = await failure(open(join(directory, 'file', 'orbit.db')));
  expect([code, hint]).toEqual(['store-unavailable', expect.stringContaining('is a file')]);
});

test('a missing directory is made; read only, nothing is made', async () => {
  const path = join(folder(), 'a', 'b', 'orbit.db');
  expect(await failure(open(path, { readOnly: true }))).toMatchObject({ code: 'store-unavailable' });
  await using store = await open(path);
  await load(store, [draftTask('T1')]);
  await using reader = await open(path, { readOnly: true });
  expect((await reader.ready({ limit: 5 }, start)).map(({ task }) => task.id)).toEqual(['T1']);
  const { code, hint } = await failure(reader.execute('001/T1', { type: 'hold', why: '' }, at(0)));
  expect([code, hint]).toEqual(['store-read-only', expect.stringContaining('writable')]);
  tamper(join(path, '..', 'empty.db'), 'CREATE TABLE other (x)');
  expect(await failure(open(join(path, '..', 'empty.db'), { readOnly: true }))).toMatchObject({
    code: 'store-unavailable',
  });
});

test('A1 a store reached through a link is the same store, with the same doorbell', async () => {
  const directory = folder();
  const path = join(directory, 'real', 'orbit.db');
  await using store = await open(path);
  symlinkSync(join(directory, 'real'), join(directory, 'folder'));
  mkdirSync(join(directory, 'other'));
  symlinkSync(path, join(directory, 'other', 'link.db'));
  await using byFolder = await open(join(directory, 'folder', 'orbit.db'));
  await using byFile = await open(join(directory, 'other', 'link.db'));
  await load(byFile, [draftTask('T1')]);
  await claimed(byFolder, 'a-1');
  const rung = Promise.withResolvers<void>();
  using _watch = byFile.watch(() => rung.resolve());
  await store.execute('001/T1', { type: 'hold', why: '' }, at(0));
  await rung.promise;
  expect((await byFile.task('001/T1'))?.task).toMatchObject({ claim: { agent: 'a-1' }, hold: { why: '' } });
  await expectSound(byFolder);
});

test('a full disk changes nothing, is told apart, and is over when there is room', async () => {
  const path = join(folder(), 'orbit.db');
  await using store = await open(path);
  await load(store, [draftTask('T1')]);
  const db = openDatabase({ path, readOnly: false, busyMs: 5_000 });
  const pages = db.get<{ page_count: number }>('PRAGMA page_count')?.page_count ?? 0;
  db.script(`PRAGMA max_page_count = ${pages}`);
  const fill = async (): Promise<void> =>
    db.transact({ durability: 'full' }, () => {
      db.run('UPDATE project SET seq = 99');
      for (let row = 0; row < 100; row += 1) db.run('INSERT INTO actor VALUES (?, 1)', `${row} `.padEnd(500, 'x'));
    });
  expect(await failure(fill())).toMatchObject({ code: 'store-full', retryable: true });
  expect(await store.lastSeq()).toBe(2);
  db.script('PRAGMA max_page_count = 100000');
  await fill();
  expect(await store.lastSeq()).toBe(99);
  db.close();
});

test('a store that others keep locked is busy after its time limit; a beat waits and gets through', async () => {
  const path = join(folder(), 'orbit.db');
  await using store = await open(path);
  await using hasty = await open(path, { busyMs: 20 });
  await load(store, [draftTask('T1')]);
  const { token } = await claimed(store, 'a-1');
  const blocker = new DatabaseSync(path);
  blocker.exec('BEGIN IMMEDIATE');
  expect(await failure(hasty.execute('001/T1', { type: 'hold', why: '' }, at(0)))).toMatchObject({
    code: 'store-busy',
    retryable: true,
  });
  const pulse = {
    at: start,
    expiresAt: start + 9,
    step: 1,
    activeAt: start,
    doing: '',
    runner: null,
    agent: null,
    tokens: 0,
    costUsd: 0,
    contextUsed: null,
    contextSize: null,
    todo: null,
    session: null,
    model: null,
  };
  expect(await failure(hasty.beat(token, pulse))).toMatchObject({ code: 'store-busy' });
  const beat = store.beat(token, pulse);
  expect((await store.attempt(token))?.pulse.expiresAt).not.toBe(start + 9);
  blocker.exec('COMMIT');
  expect(await beat).toBe(true);
  expect((await store.attempt(token))?.pulse).toEqual(pulse);
  blocker.close();
});

test('I18 edits behind the store are found by the number of the first event that does not fit', async () => {
  const edits: [string, number][] = [
    [`UPDATE event SET data = replace(data, 'claude-1', 'claude-2') WHERE seq = 3`, 3],
    [`UPDATE event SET data = 'broken' WHERE seq = 2`, 2],
    [`UPDATE event SET actor = 'nobody' WHERE seq = 1`, 1],
    ['DELETE FROM event WHERE seq = 2', 2],
    ['DELETE FROM event WHERE seq = 4', 4],
    [`INSERT INTO event SELECT 5, at, actor, actor_seq, plan, task, attempt, data, hash FROM event WHERE seq = 4`, 5],
    [`UPDATE project SET hash = ''`, 5],
  ];
  for (const [sql, seq] of edits) {
    const path = join(folder(), 'orbit.db');
    await using store = await open(path);
    await load(store, [draftTask('T1')]);
    await finish(store, '001/T1');
    expect([await store.lastSeq(), await store.verifyLog()]).toEqual([4, null]);
    tamper(path, sql);
    expect([sql, await store.verifyLog()]).toEqual([sql, seq]);
  }
});

test('I1 the file itself refuses a second live claim of a task', async () => {
  const path = join(folder(), 'orbit.db');
  await using store = await open(path);
  await load(store, [draftTask('T1')]);
  await claimed(store, 'a-1');
  const second = `INSERT INTO attempt SELECT 99, task, plan, live, body, pulse FROM attempt`;
  expect(() => tamper(path, second)).toThrow('UNIQUE constraint failed');
});

test('the queries for ready work walk an index without sorting', async () => {
  const path = join(folder(), 'orbit.db');
  await (await open(path))[Symbol.asyncDispose]();
  const connection = new DatabaseSync(path);
  onTestFinished(() => connection.close());
  for (const [index, sql] of Object.entries(readyQueries)) {
    const plan = connection.prepare(`EXPLAIN QUERY PLAN ${sql}`).all();
    expect(plan.map(({ detail }) => detail)).toEqual([expect.stringContaining(`USING INDEX ${index} (plan=?`)]);
  }
});
