import { expect, test } from 'vitest';
import type { Surroundings } from '../../actions/look-around.ts';
import { boardLines, type BoardOptions } from './board.ts';

const agent: Surroundings['agents'][number] = {
  agent: 'claude-1',
  task: 'T031',
  plan: '001',
  title: 'Add the parser',
  token: 7,
  status: 'working',
  step: 42,
  pid: 1,
  branch: null,
  workspace: null,
  doing: 'Bash npm test',
  startedAt: '2026-01-01T10:00:00.000Z',
  quietMs: 0,
  byHand: false,
  tokens: 1,
  costUsd: 0.42,
  contextUsed: 126_000,
  contextSize: 200_000,
  todo: { done: 2, total: 5, now: 'write the test' },
  model: null,
};

const seen: Surroundings = {
  at: '2026-01-01T10:03:00.000Z',
  plan: '001',
  counts: {
    total: 4,
    byStatus: {
      blocked: 0,
      ready: 0,
      running: 1,
      done: 0,
      landing: 1,
      landed: 1,
      waiting: 0,
      'needs-you': 1,
      cancelled: 0,
    },
    plans: [{ plan: '001', total: 4, landed: 1, paused: false }],
    byAgent: {},
    attempts: 1,
    failures: 0,
    spentMs: 0,
  },
  agents: [agent],
  queue: [
    {
      task: 'T030',
      plan: '001',
      title: '',
      state: 'next',
      place: null,
      suspect: false,
      after: [],
      commit: null,
      landedAs: null,
      at: '',
      bounces: 0,
      reason: null,
      held: null,
    },
  ],
  needsYou: [],
};

const wide: BoardOptions = { columns: 160, rows: 24, paint: (text) => text, unicode: true };

test('D11 the board shows what each agent does: step, context, cost, its todo list, and the queue', () => {
  expect(boardLines(seen, wide)).toEqual([
    '001  ██████░░░░░░░░░░░░░░░░░░ 1/4 landed · 1 running · 1 to land · 1 need you · 10:03:00',
    '',
    'claude-1  T031 Add the parser  step 42  3 min  context 63%  $0.42  todo 2/5 write the test',
    '          Bash npm test',
    '',
    'queue      T030 (next)',
  ]);
});

test('D11 nothing is wider than the terminal, and ASCII is enough', () => {
  for (const columns of [20, 40, 80]) {
    const lines = boardLines(
      { ...seen, agents: [{ ...agent, doing: `\u001b[2J${'ä'.repeat(300)}` }] },
      { ...wide, columns, unicode: false },
    );
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(columns);
      expect(line).toMatch(/^[\x20-\x7e]*$/);
    }
  }
});

test('D11 agents that do not fit are counted, and a silent one says so', () => {
  const many = Array.from({ length: 50 }, (_, index) => ({ ...agent, agent: `claude-${index}` }));
  const lines = boardLines({ ...seen, agents: many }, { ...wide, rows: 12 });
  expect(lines.length).toBeLessThanOrEqual(12);
  expect(lines.join('\n')).toMatch(/and \d+ more agents/);
  const silent = boardLines({ ...seen, agents: [{ ...agent, status: 'silent', quietMs: 90_000 }] }, wide);
  expect(silent.join('\n')).toContain('(silent for 90 s)');
});
