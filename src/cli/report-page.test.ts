import { expect, test } from 'vitest';
import type { PlanStatus } from '../actions/report-plan.ts';
import type { PlanTimes } from '../actions/time-plan.ts';
import { taskStatuses } from '../core/status.ts';
import { reportPage } from './report-page.ts';

const hostile = `"><script>alert(1)</script><img src=x onerror='alert(2)'>\u202e\u0000&amp;`;

const status: PlanStatus = {
  plan: hostile,
  title: hostile,
  paused: false,
  total: 1,
  counts: Object.fromEntries(taskStatuses.map((name) => [name, 0])) as PlanStatus['counts'],
  target: `refs/heads/${hostile}`,
  completed: 0,
  layers: [
    {
      layer: 1,
      title: hostile,
      status: 'in_progress',
      total: 1,
      waitingForLayers: [],
      completed: 0,
      running: [],
      ready: [],
      blocked: [],
      needsYou: [{ task: hostile, kind: 'question', reason: hostile, sinceMs: 0 }],
      stuck: [],
    },
  ],
};

const times: PlanTimes = {
  plan: hostile,
  from: '2026-01-01T00:00:00.000Z',
  to: '2026-01-01T00:01:00.000Z',
  at: '2026-01-01T00:02:00.000Z',
  tasks: [
    {
      task: hostile,
      title: hostile,
      onChain: true,
      doneAt: null,
      landedAt: '2026-01-01T00:01:30.000Z',
      attempts: [
        {
          token: 1,
          agent: hostile,
          from: '2026-01-01T00:00:00.000Z',
          to: '2026-01-01T00:01:00.000Z',
          outcome: 'failed',
        },
      ],
    },
  ],
  chain: [{ task: hostile, waitedMs: 0, workedMs: 60_000, retriedMs: 0, landingMs: 0 }],
  lost: { waitedMs: 0, workedMs: 60_000, retriedMs: 0, landingMs: 0 },
  advice: [hostile],
};

const rest = {
  outcomes: [
    {
      adapter: hostile,
      model: hostile,
      rung: 'first',
      attempts: 1,
      done: 0,
      failed: 1,
      handedOver: 0,
      other: 0,
      running: 0,
      costUsd: 1.5,
      tokens: 10,
      minutes: 1,
    },
  ],
  hints: [{ rule: hostile, hints: 1, unsupported: 0, progress: 0, success: 0 }],
  ended: [],
  tasks: [],
  conflicts: { seenAhead: 0, avoided: 0, sentBack: 0, sentBackShare: 0 },
  landed: [
    {
      task: '001/T1',
      title: hostile,
      layer: 1,
      commit: 'a'.repeat(40),
      at: '2026-01-01T00:01:30.000Z',
      attempts: 2,
      agent: hostile,
    },
  ],
  spend: [
    {
      agent: hostile,
      model: hostile,
      attempts: 1,
      done: 0,
      minutes: 1,
      tokens: 10,
      reportedUsd: 2.5,
      estimatedUsd: 0.75,
      unpricedTokens: 3,
    },
  ],
  redundant: {
    attempts: 1,
    minutes: 1,
    reportedUsd: 1,
    share: 0.5,
    causes: [{ cause: 'failed', attempts: 1, minutes: 1, reportedUsd: 1 }],
  },
  at: '2026-01-01T00:02:00.000Z',
} as const;

test('A9 the page of a report holds no mark-up, script or hidden sign that people or agents wrote, and nothing from outside', () => {
  const page = reportPage({ ...rest, plans: [status], times: [times] });
  expect(page).not.toMatch(/<script|<img|https?:|[^\P{C}\n]/u);
  // Inside quotes a value may hold anything but its quote.
  expect(page.replaceAll(/"[^"]*"/g, '')).not.toMatch(/<[^>]*\son\w+=/);
  expect(page).toContain("default-src 'none'");
  expect(page.split('&lt;script&gt;').length).toBeGreaterThan(10);
  expect(page).toContain('left:0.00%;width:66.67%');
  for (const words of ['$1.50', '$2.50', 'about $0.75', 'aaaaaaaaaaaa', '50 % of the agents&#39; time'])
    expect(page).toContain(words);
});

test('A9 a plan without any attempt says so', () => {
  const page = reportPage({
    ...rest,
    plans: [status],
    times: [{ ...times, from: null, to: null }],
    outcomes: [],
  });
  expect(page).toContain('Nobody has worked on it yet.');
  expect(page).not.toContain('Agents and models');
});
