/** Runs the store suite on every implementation. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openMemoryStore } from '../../src/store/memory/memory-store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { storeSuite } from './store-suite.ts';

storeSuite('memory', async () => {
  const store = openMemoryStore();
  return { store, other: store, [Symbol.asyncDispose]: () => store[Symbol.asyncDispose]() };
});

storeSuite('sqlite', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-store-'));
  const path = join(directory, 'orbit.db');
  const store = await openSqliteStore({ path, busyMs: 10_000 });
  const other = await openSqliteStore({ path, busyMs: 10_000 });
  return {
    store,
    other,
    async [Symbol.asyncDispose](): Promise<void> {
      await store[Symbol.asyncDispose]();
      await other[Symbol.asyncDispose]();
      rmSync(directory, { recursive: true });
    },
  };
});
