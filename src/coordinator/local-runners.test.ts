import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, onTestFinished, test } from 'vitest';
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
    rung: 'first',
    adapter: null,
    start: null,
    acted: null,
    cause: null,
    notes: null,
    model: null,
    thinking: null,
    startedAt: 0,
    branch: null,
    workspace: null,
    base: null,
    logs: null,
    endedAt: null,
    outcome: null,
    reason: null,
    commit: null,
    pulse: {
      at: 0,
      expiresAt: 30_000,
      step: 0,
      activeAt: 0,
      doing: '',
      runner,
      agent: null,
      tokens: 0,
      costUsd: 0,
      contextUsed: null,
      contextSize: null,
      todo: null,
      session: null,
      model: null,
    },
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

test('B9 a runner is asked politely only when it has beaten: before, it may not listen yet and would end without a word', async () => {
  const heard = `process.on('SIGTERM', () => process.exit(0)); console.log('listening'); setInterval(() => {}, 1e6)`;
  const child = spawn(process.execPath, ['-e', heard], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const identity = processIdentity(child.pid ?? 0);
  const hanging = {
    program: [process.execPath, '-e', 'setInterval(() => {}, 1e6)'],
    top: directory,
    seats: join(directory, 'seats'),
    environment: {},
    complaints: join(directory, 'complaints'),
    stopGraceMs: 1,
  };
  const runners = new LocalRunners(hanging);
  const fresh = attemptWith(null);
  await runners.start(fresh);
  await runners.stop(fresh, 'politely');
  expect(await runners.look(fresh)).toBe('alive');
  const ended = once(child, 'exit');
  await runners.stop(attemptWith(identity), 'politely');
  expect(await ended).toEqual([0, null]);
  await runners.stop(fresh, 'now');
});

test('I15 seats of ended attempts are swept, those of others stay', async () => {
  const seats = join(directory, 'seats');
  mkdirSync(seats, { recursive: true });
  for (const name of ['7', '8', 'note']) writeFileSync(join(seats, name), '');
  const { runners } = await afterSecondStart(null);
  await runners.sweep(async (token) => token === 7);
  expect(readdirSync(seats).sort()).toEqual(['8', 'note']);
});
