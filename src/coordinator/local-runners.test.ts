import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import type { Attempt, ProcessIdentity } from '../core/attempt.ts';
import { processIdentity } from '../platform/process.ts';
import { LocalRunners } from './local-runners.ts';

const directory = mkdtempSync(join(tmpdir(), 'orbit-runners-'));

afterEach(() => {
  rmSync(directory, { recursive: true, force: true });
});

function attemptWith(runner: ProcessIdentity | null): Attempt {
  return {
    token: 7,
    task: '001/T1',
    agent: 'a-1',
    byHand: false,
    startedAt: 0,
    branch: null,
    workspace: null,
    base: null,
    logs: null,
    endedAt: null,
    outcome: null,
    reason: null,
    commit: null,
    pulse: { at: 0, expiresAt: 30_000, step: 0, activeAt: 0, doing: '', runner, agent: null, tokens: 0, costUsd: 0 },
  };
}

/** Runners whose program ends at once, as a second runner of an attempt does that finds the seat taken. */
async function afterSecondStart(runner: ProcessIdentity | null): Promise<{ runners: LocalRunners; attempt: Attempt }> {
  const options = {
    program: [process.execPath, '-e', '0'],
    top: directory,
    seats: join(directory, 'seats'),
    environment: {},
    complaints: join(directory, 'complaints'),
    stopGraceMs: 1,
  };
  const runners = new LocalRunners(options);
  const ended = new Promise<void>((resolve) => {
    runners.onExit(resolve);
  });
  const attempt = attemptWith(runner);
  await runners.start(attempt);
  await ended;
  return { runners, attempt };
}

test('I1 P3 the exit of a second runner says nothing about the first, which beats', async () => {
  const { runners, attempt } = await afterSecondStart(processIdentity(process.pid));
  expect(await runners.look(attempt)).toBe('alive');
});

test('I1 P3 a runner that ended before any beat may have left the seat to another that is about to beat', async () => {
  const { runners, attempt } = await afterSecondStart(null);
  expect(await runners.look(attempt)).toBe('unknown');
});
