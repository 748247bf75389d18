import { expect, test } from 'vitest';
import { finishOf, landingModeOf, needsForge } from './landing-mode.ts';
import type { CoordinatorSettings } from './ports.ts';

const settings = (more: Partial<CoordinatorSettings> = {}): CoordinatorSettings =>
  ({ landing: true, mergeOnComplete: false, ...more }) as CoordinatorSettings;

test('C13 a plan’s own word wins over the settings’, a person’s over both', () => {
  expect(landingModeOf({}, settings())).toBe('queue');
  expect(landingModeOf({}, settings({ landing: false }))).toBe('off');
  expect(landingModeOf({ landing: 'off' }, settings({ landingMode: 'pull-requests' }))).toBe('off');
  expect(finishOf({}, settings())).toBe('none');
  expect(finishOf({}, settings({ finish: 'merge' }))).toBe('merge');
  expect(finishOf({ finish: 'pull-request' }, settings({ finish: 'merge' }))).toBe('pull-request');
  expect(finishOf({ finish: 'pull-request' }, settings({ finishByHand: 'none' }))).toBe('none');
});

test('E10 autoMergeOnComplete alone is a fast-forward, and does not take the place of another finish', () => {
  expect(finishOf({}, settings({ mergeOnComplete: true }))).toBe('fast-forward');
  expect(finishOf({ finish: 'pull-request' }, settings({ mergeOnComplete: true }))).toBe('pull-request');
});

test('a forge is asked for only where pull requests are', () => {
  expect(needsForge({}, settings())).toBe(false);
  expect(needsForge({ finish: 'merge' }, settings())).toBe(false);
  expect(needsForge({ landing: 'pull-requests' }, settings())).toBe(true);
  expect(needsForge({ finish: 'pull-request' }, settings())).toBe(true);
  expect(needsForge({ finish: 'pull-request' }, settings({ landing: false }))).toBe(false);
});
