import { spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { lockOneOf, tryLockFile } from './file-lock.ts';

function temporary(): { path: string } & Disposable {
  const path = mkdtempSync(join(tmpdir(), 'orbit-lock-'));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

const holder = `
  const { tryLockFile } = await import(process.argv[1]);
  const lock = await tryLockFile(process.argv[2]);
  console.log(lock === null ? 'busy' : 'held');
  setInterval(() => {}, 1000);
`;

/** A process that takes the lock and is killed with it in hand. */
async function dieHolding(path: string): Promise<void> {
  const module = join(import.meta.dirname, 'file-lock.ts');
  const child = spawn(process.execPath, ['--input-type=module', '-e', holder, module, path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said = await new Promise((answer) =>
    child.stdout.once('data', (chunk: Buffer) => answer(chunk.toString().trim())),
  );
  expect(said).toBe('held');
  const ended = new Promise((answer) => child.once('close', answer));
  child.kill('SIGKILL');
  await ended;
}

test('I15 a lock is held by one at a time and is free after release', async () => {
  using folder = temporary();
  const path = join(folder.path, 'deep/a.lock');
  const lock = await tryLockFile(path);
  expect(lock).not.toBeNull();
  expect(await tryLockFile(path)).toBeNull();
  expect(await lockOneOf([path], 0)).toBeNull();
  await lock?.release();
  await lock?.release();
  const next = await tryLockFile(path);
  expect(next).not.toBeNull();
  await lock?.release();
  expect(await tryLockFile(path)).toBeNull();
  await next?.release();
  expect(readdirSync(join(folder.path, 'deep'))).toEqual([]);
});

test('waiters are served in order of arrival, one at a time', async () => {
  using folder = temporary();
  const path = join(folder.path, 'a.lock');
  const order: number[] = [];
  let holders = 0;
  const numbers = Array.from({ length: 20 }, (_, index) => index);
  await Promise.all(
    numbers.map(async (number) => {
      const lock = await lockOneOf([path], 30_000);
      holders += 1;
      expect(holders).toBe(1);
      order.push(number);
      await new Promise((done) => setImmediate(done));
      holders -= 1;
      await lock?.release();
    }),
  );
  expect(order).toEqual(numbers);
});

test('of several locks as many are held as there are', async () => {
  using folder = temporary();
  const paths = [1, 2, 3].map((number) => join(folder.path, `${number}.lock`));
  const held = await Promise.all(paths.map(async () => lockOneOf(paths, 30_000)));
  expect(new Set(held.map((lock) => lock?.path))).toEqual(new Set(paths));
  expect(await lockOneOf(paths, 0)).toBeNull();
  await held[1]?.release();
  expect((await lockOneOf(paths, 0))?.path).toBe(held[1]?.path);
});

test('I15 a lock whose owner was killed is taken over by exactly one', async () => {
  using folder = temporary();
  const path = join(folder.path, 'a.lock');
  await dieHolding(path);
  const all = await Promise.all(Array.from({ length: 10 }, async () => tryLockFile(path)));
  const winners = all.filter((lock) => lock !== null);
  expect(winners).toHaveLength(1);
  await winners[0]?.release();
  expect(readdirSync(folder.path)).toEqual([]);
});

test('I15 the right to take over is taken over too', async () => {
  using folder = temporary();
  const path = join(folder.path, 'a.lock');
  await dieHolding(path);
  const { nonce } = JSON.parse(readFileSync(path, 'utf8')) as { nonce: string };
  await dieHolding(`${path}.${nonce}`);
  const lock = await tryLockFile(path);
  expect(lock).not.toBeNull();
  await lock?.release();
  expect(readdirSync(folder.path)).toEqual([]);
});

test('an owner that cannot be looked at keeps its lock; a torn file and an earlier process of that number do not', async () => {
  using folder = temporary();
  const path = join(folder.path, 'a.lock');
  const lock = await tryLockFile(path);
  const owner = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
  await lock?.release();
  for (const other of [{ host: 'elsewhere' }, { namespace: 'pid:[1]' }, { startedAt: '' }]) {
    writeFileSync(path, JSON.stringify({ ...owner, ...other }));
    expect(await tryLockFile(path)).toBeNull();
  }
  for (const free of ['', '{"host":', JSON.stringify({ ...owner, startedAt: 'long ago' })]) {
    writeFileSync(path, free);
    const taken = await tryLockFile(path);
    expect(taken).not.toBeNull();
    await taken?.release();
  }
});
