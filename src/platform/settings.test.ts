import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { limitsOf } from '../runner/runner.ts';
import { loadSettings, settingsFile, type Settings } from './settings.ts';

test('E10 an agent that names no slots has one', async () => {
  const { agents } = await settingsFrom({ agents: { sh: { adapter: 'command', command: ['true'] } } });
  expect(agents['sh']).toMatchObject({ adapter: 'command', slots: 1 });
});

test('E10 P7 a budget and a delay in the settings reach the rules of every process', async () => {
  const settings = await settingsFrom({
    budget: { attempts: 9 },
    retryDelayMs: 7,
    heartbeatTimeoutMs: 900,
    checkTimeoutS: 3,
  });
  expect(limitsOf(settings)).toMatchObject({
    attemptsMax: 9,
    retryDelayMs: 7,
    heartbeatTimeoutMs: 900,
    checkTimeoutMs: 3_000,
  });
});

test('E10 defaultMaxRetries is another name for the attempts of the budget', async () => {
  expect((await settingsFrom({ defaultMaxRetries: 1 })).budget.attempts).toBe(2);
  expect((await settingsFrom({ defaultMaxRetries: 1, budget: { attempts: 5 } })).budget.attempts).toBe(5);
});

async function settingsFrom(values: object): Promise<Settings> {
  const top = mkdtempSync(join(tmpdir(), 'orbit-settings-'));
  onTestFinished(() => rmSync(top, { recursive: true }));
  writeFileSync(join(top, settingsFile), JSON.stringify(values));
  return loadSettings(top, { HOME: top });
}
