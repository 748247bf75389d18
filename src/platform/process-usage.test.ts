import { spawn } from 'node:child_process';
import { hostname } from 'node:os';
import { expect, onTestFinished, test } from 'vitest';
import type { ProcessIdentity } from '../core/attempt.ts';
import { processIdentity } from './process.ts';
import { usageOf } from './process-usage.ts';

/** A process that has made `children` others, each with memory of its own. */
async function family(children: number): Promise<ProcessIdentity> {
  const own = `const held = Buffer.alloc(40_000_000, 1); setInterval(() => held.length, 1_000_000); console.log('ready');`;
  const script = `
    const { spawn } = require('node:child_process');
    let ready = 0;
    for (let made = 0; made < ${children}; made += 1)
      spawn(process.execPath, ['-e', ${JSON.stringify(own)}], { stdio: ['ignore', 'pipe', 'ignore'] })
        .stdout.once('data', () => { ready += 1; if (ready === ${children}) console.log('ready'); });
    if (${children} === 0) console.log('ready');
    setInterval(() => undefined, 1_000_000);`;
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'ignore'], detached: true });
  onTestFinished(() => void process.kill(-(child.pid ?? 0), 'SIGKILL'));
  await new Promise((ready) => child.stdout.once('data', ready));
  const identity = processIdentity(child.pid ?? 0);
  if (identity === null) throw new Error('no identity');
  return identity;
}

test('D7 what an agent uses is that of its whole process tree', async () => {
  const [alone, many] = [await family(0), await family(2)];
  const [one, three] = usageOf([alone, many]);
  expect(one?.processes).toBe(1);
  expect(three?.processes).toBe(3);
  expect(three?.cpuMs).toBeGreaterThan(0);
  // Each of the two holds 40 MB more than Node.js itself; elsewhere than on Linux nobody tells.
  const [less, more] = [one?.memoryBytes ?? null, three?.memoryBytes ?? null];
  expect([less, more].includes(null)).toBe(process.platform !== 'linux');
  expect(more ?? 80_000_001).toBeGreaterThan((less ?? 0) + 80_000_000);
});

test('D7 of processes of other machines, of those that are gone, and of none nothing is known', async () => {
  const alive = processIdentity(process.pid);
  const elsewhere = { host: `${hostname()}-2`, pid: process.pid, startedAt: alive?.startedAt ?? '' };
  const reused = { host: hostname(), pid: process.pid, startedAt: 'before' };
  expect(usageOf([elsewhere, reused, null])).toEqual([null, null, null]);
  expect(usageOf([elsewhere, alive, null]).map((usage) => usage !== null)).toEqual([false, true, false]);
  expect(usageOf([])).toEqual([]);
});
