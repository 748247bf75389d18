import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { oldLogs } from './old-logs.ts';

test('P11 old logs go oldest first, down to what is kept, and never those in use', async () => {
  const runs = mkdtempSync(join(tmpdir(), 'orbit-test-'));
  onTestFinished(() => rmSync(runs, { recursive: true, force: true }));
  for (const [age, name] of ['e', 'd', 'c', 'b', 'a'].entries()) {
    mkdirSync(join(runs, name));
    writeFileSync(join(runs, name, 'output.log'), Buffer.alloc(1_000_000, 1));
    const at = new Date(Date.UTC(2026, 0, 10 - age));
    utimesSync(join(runs, name), at, at);
  }
  const told: string[] = [];
  const logs = oldLogs(runs, (line) => told.push(line));
  expect(await logs.bytes()).toBeGreaterThanOrEqual(5_000_000);
  expect(await logs.collect({ bytes: 1_500_000, keep: 0, inUse: new Set([join(runs, 'a')]) })).toBeGreaterThanOrEqual(
    2_000_000,
  );
  expect(readdirSync(runs)).toEqual(['a', 'd', 'e']);
  expect(told).toHaveLength(2);
  await logs.collect({ bytes: 1e12, keep: 2_500_000, inUse: new Set() });
  expect(readdirSync(runs)).toEqual(['d', 'e']);
});
