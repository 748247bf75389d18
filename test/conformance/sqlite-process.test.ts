/** Real processes on one SQLite file: they race for claims, open it for the first time together, and are killed while they write. */
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'rolldown';
import { expect, test } from 'vitest';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { draftTask, expectSound, load } from './store-fixture.ts';

const processes = 32;

/** A worker that waits for {@link go}; its lines so far are in `lines`. */
class Worker implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #exit: Promise<unknown>;
  readonly #heard: { count: number; resolve: () => void }[] = [];
  #text = '';

  constructor(script: string, values: readonly string[]) {
    this.#child = spawn(process.execPath, [script, ...values]);
    this.#exit = once(this.#child, 'close');
    this.#child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      this.#text += chunk;
      for (const { count, resolve } of this.#heard) if (this.lines.length >= count) resolve();
    });
    this.#child.stderr.setEncoding('utf8').on('data', (chunk: string) => (this.#text += `error ${chunk}\n`));
    this.#child.stdin.on('error', () => {});
  }

  /** Whole lines only: what a killed process had no time to end was not said. */
  get lines(): string[] {
    return this.#text.split('\n').slice(0, -1);
  }

  async hasSaid(count: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#heard.push({ count, resolve });
    if (this.lines.length >= count) resolve();
    await Promise.race([promise, this.#exit]);
  }

  go(): void {
    this.#child.stdin.write('go\n');
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async end(): Promise<string[]> {
    await this.#exit;
    return this.lines;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.kill();
    await this.#exit;
  }
}

class Folder implements Disposable {
  readonly path: string = mkdtempSync(join(tmpdir(), 'orbit-processes-'));
  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }
}

/** One bundled file: 32 processes that each strip the types of thirty files would keep the machine busy with that. */
async function bundleWorker(folder: Folder): Promise<string> {
  const input = fileURLToPath(new URL('sqlite-worker.ts', import.meta.url));
  const file = join(folder.path, 'worker.mjs');
  await build({
    input,
    platform: 'node',
    external: [/^node:/],
    logLevel: 'silent',
    output: { file, format: 'esm', codeSplitting: false },
  });
  return file;
}

test('D5 A8 C3 32 processes make the file together and race for claims: none twice, none too early, none busy', async () => {
  using folder = new Folder();
  const path = join(folder.path, 'new', 'orbit.db');
  const script = await bundleWorker(folder);
  await using stack = new AsyncDisposableStack();
  const workers = Array.from({ length: processes }, (_, index) =>
    stack.use(new Worker(script, [path, 'claim', `w-${index}`])),
  );
  await Promise.all(workers.map((one) => one.hasSaid(1)));
  for (const one of workers) one.go();
  await Promise.all(workers.map((one) => one.hasSaid(2)));
  expect(workers.map(({ lines }) => lines)).toEqual(workers.map(() => ['ready', 'opened']));
  await using store = await openSqliteStore({ path, busyMs: 10_000 });
  const actors = (await store.events({ since: 0 })).map(({ actor }) => actor);
  expect(actors.sort()).toEqual(Array.from({ length: processes }, (_, index) => `w-${index}`).sort());
  const tasks = Array.from({ length: 160 }, (_, index) =>
    draftTask(`T${index}`, {
      dependencies: index < 40 ? [] : [`T${index - 40}`, `T${index - 37}`],
      scope: index % 4 === 0 ? [`src/${index % 16}/**`] : [],
    }),
  );
  await load(store, tasks);
  for (const one of workers) one.go();
  const lines = (await Promise.all(workers.map((one) => one.end()))).flat();
  expect(lines.filter((line) => line.startsWith('error'))).toEqual([]);
  const claims = lines.filter((line) => line.startsWith('claimed')).map((line) => line.split(' '));
  expect(claims.map(([, key]) => String(key)).sort()).toEqual(tasks.map(({ id }) => `001/${id}`).sort());
  expect(new Set(claims.map(([, , token]) => token)).size).toBe(tasks.length);
  const done = new Set<string>();
  for (const { body, task } of await store.events({ since: 0 })) {
    if (body.type === 'task-done') done.add(String(task));
    if (body.type !== 'task-claimed') continue;
    const needs = (await store.task(task ?? '/'))?.task.dependencies ?? [];
    expect(needs.filter((needed) => !done.has(needed))).toEqual([]);
  }
  await expectSound(store);
});

test('I4 A8 what writers acknowledged before kill -9 is there afterwards', async () => {
  using folder = new Folder();
  const path = join(folder.path, 'orbit.db');
  await using store = await openSqliteStore({ path, busyMs: 10_000 });
  await load(store, [draftTask('T1')]);
  const script = await bundleWorker(folder);
  const acknowledged: string[] = [];
  for (const round of [1, 2, 3, 4]) {
    await using one = new Worker(script, [path, 'write', `one-${round}`]);
    await using two = new Worker(script, [path, 'write', `two-${round}`]);
    for (const said of [1, 2]) {
      await Promise.all([one.hasSaid(said), two.hasSaid(said)]);
      for (const writer of [one, two]) writer.go();
    }
    await Promise.all([one.hasSaid(20 * round), two.hasSaid(20 * round)]);
    one.kill();
    two.kill();
    acknowledged.push(...(await one.end()).slice(2), ...(await two.end()).slice(2));
  }
  expect(acknowledged.length).toBeGreaterThan(300);
  expect(acknowledged.filter((line) => !line.startsWith('wrote'))).toEqual([]);
  const stored = new Set((await store.events({ since: 0 })).map(({ seq, hash }) => `wrote ${seq} ${hash}`));
  expect(acknowledged.filter((line) => !stored.has(line))).toEqual([]);
  await expectSound(store);
});
