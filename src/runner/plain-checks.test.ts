import { tmpdir } from 'node:os';
import { expect, test } from 'vitest';
import { defaultsOf, keys } from '../platform/settings-key.ts';
import type { Settings } from '../platform/settings.ts';
import { plainChecks } from './plain-checks.ts';

test('I19 a granted secret that a check or a set-up command prints is hidden in what they answer', async () => {
  const defaults = defaultsOf(keys) as unknown as Settings;
  const workspace = { ...defaults.workspace, setup: [`sh -c 'echo $GIFT; exit 1'`] };
  const settings = { ...defaults, environment: ['GIFT'], workspace };
  const environment = { PATH: process.env['PATH'], GIFT: 'canary-0123456789' };
  const checks = plainChecks({ settings, environment, marker: null });
  expect(await checks.run(`sh -c 'echo $GIFT'`, tmpdir())).toEqual({ green: true, ran: true, tail: '[secret]\n' });
  expect(await checks.prepare(tmpdir())).toMatch(/failed: \[secret\]$/);
});
