import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { taskStatuses, type TaskStatus } from '../../core/status.ts';
import { cellsOf } from '../../core/text-width.ts';
import type { LayerBoard, Surroundings } from '../look-around.ts';
import type { TaskView } from '../task-view.ts';
import { boardLines, type BoardSize } from './board.ts';
import { plainText } from './line.ts';

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

function statuses(some: Partial<Record<TaskStatus, number>>): Record<TaskStatus, number> {
  return { ...(Object.fromEntries(taskStatuses.map((status) => [status, 0])) as Record<TaskStatus, number>), ...some };
}

function view(fields: Partial<TaskView> & { id: string }): TaskView {
  return {
    title: 'A task',
    status: 'ready',
    layer: 1,
    agent: null,
    dependencies: [],
    waitingFor: [],
    score: 1,
    plan: '001',
    key: `001/${fields.id}`,
    kind: 'implement',
    priority: 0,
    holder: null,
    token: null,
    attempts: 0,
    reason: null,
    pr: null,
    ...fields,
  };
}

const needsYou = view({ id: 'T033', title: 'Choose a port', status: 'needs-you', layer: 2, reason: 'which port?' });
const layers: LayerBoard[] = [
  {
    layer: 1,
    title: 'Base',
    completed: 2,
    total: 3,
    byStatus: statuses({ landed: 1, landing: 1, running: 1 }),
    open: [
      view({ id: 'T030', title: 'Add the lexer', status: 'landing' }),
      view({ id: 'T031', title: 'Add the parser', status: 'running', holder: 'claude-1' }),
    ],
  },
  {
    layer: 2,
    title: 'Core',
    completed: 0,
    total: 2,
    byStatus: statuses({ blocked: 1, 'needs-you': 1 }),
    open: [needsYou, view({ id: 'T034', title: 'Use it', status: 'blocked', layer: 2, waitingFor: ['T031', 'T033'] })],
  },
];

const seen: Surroundings = {
  at: '2026-01-01T10:03:00.000Z',
  plan: '001',
  led: true,
  counts: {
    total: 5,
    byStatus: statuses({ landed: 1, landing: 1, running: 1, blocked: 1, 'needs-you': 1 }),
    plans: [{ plan: '001', total: 5, landed: 1, paused: false }],
    byAgent: {},
    attempts: 1,
    failures: 0,
    spentMs: 0,
  },
  plans: [{ plan: '001', title: 'A language', paused: false, landingPaused: false, layers }],
  agents: [agent],
  queue: [
    {
      task: 'T030',
      plan: '001',
      title: 'Add the lexer',
      state: 'train',
      place: 1,
      suspect: false,
      after: [],
      commit: null,
      landedAs: null,
      at: '',
      bounces: 1,
      reason: null,
      mode: 'queue',
      remedy: null,
      held: null,
    },
  ],
  trains: [
    {
      plan: '001',
      target: 'refs/heads/orbit/001',
      base: null,
      since: '2026-01-01T10:02:00.000Z',
      tasks: ['T030'],
      cuts: [{ length: 1, state: 'validating', at: '2026-01-01T10:02:00.000Z' }],
      rerun: null,
      waiting: 1,
      failureRate: 0.07,
      validationMs: 60_000,
      leftMs: 60_000,
      flakes: 0,
      flaky: null,
    },
  ],
  needsYou: [needsYou],
  inbox: [
    {
      key: '001/T033',
      plan: '001',
      kind: 'question',
      title: 'Choose a port',
      reason: 'which port?\nmore of it',
      since: '2026-01-01T10:01:00.000Z',
      behind: 1,
    },
  ],
};

const wide: BoardSize = { columns: 130, rows: Number.POSITIVE_INFINITY, unicode: true };
const text = (facts: Surroundings, size: BoardSize): string[] =>
  boardLines(facts, size).map((line) => plainText(line).replace(/[ ─-]+$/, ''));

test('D7 D11 E4 the board: layers as bands, what blocks, agents, the train, the inbox', () => {
  expect(text(seen, wide)).toEqual([
    '001  █████░░░░░░░░░░░░░░░░░░░ 1/5 landed  ►A1  □B1  ▲Q1  !N1  10:03:00',
    '── Plan',
    '001 A language',
    ' ██████░░░░ 2/3 Layer 1 Base  ■L1 ▲Q1 ►A1',
    '   ▲Q T030 Add the lexer',
    '   ►A T031 Add the parser  claude-1',
    ' ░░░░░░░░░░ 0/2 Layer 2 Core  !N1 □B1',
    '   !N T033 Choose a port  which port?',
    '   □B T034 Use it  waits for T031, T033',
    '── Agents 1',
    ' claude-1  T031 Add the parser  step 42  3 min  context 63%  $0.42  todo 2/5 write the test',
    '           Bash npm test',
    '── Queue',
    ' train of 1 onto orbit/001 for 60 s, first: ►1  about 60 s for 1 change, 7 % go back',
    ' train 1  T030 Add the lexer  put back 1 time',
    '── Inbox 1',
    ' question T033 Choose a port  2 min, 1 behind it  which port?',
  ]);
});

test('D11 on 40 columns in ASCII the same facts stand below one another', () => {
  const lines = text(seen, { columns: 40, rows: Number.POSITIVE_INFINITY, unicode: false });
  expect(lines).toContain('001  ##........ 1/5 landed');
  expect(lines).toContain('   .B T034 Use it  waits for T031, T033');
  expect(lines).toContain('   step 42 | 3 min | context 63% | $0.4>');
  expect(lines).toContain(' question T033 Choose a port  2 min, 1 >');
  expect(lines).toContain('   which port?');
});

test('I20 D11 whatever agents and titles say, nothing is wider than the terminal or steers it', () => {
  const words = fc.string({ unit: 'binary', maxLength: 60 });
  const any = fc.record({
    doing: words,
    title: words,
    columns: fc.integer({ min: 20, max: 200 }),
    rows: fc.integer({ min: 2, max: 60 }),
    unicode: fc.boolean(),
  });
  fc.assert(
    fc.property(any, ({ doing, title, ...size }) => {
      const facts: Surroundings = {
        ...seen,
        agents: [{ ...agent, doing: `\u001b[2J${doing}`, title, todo: { done: 0, total: 1, now: title } }],
        inbox: seen.inbox.map((row) => ({ ...row, reason: doing, title })),
        plans: seen.plans.map((plan) => ({ ...plan, title: doing })),
      };
      const lines = boardLines(facts, size).map(plainText);
      expect(lines.length).toBeLessThanOrEqual(size.rows);
      for (const line of lines) {
        expect(cellsOf(line)).toBeLessThanOrEqual(size.columns);
        expect(line).toMatch(size.unicode ? /^[^\p{Cc}\p{Cs}]*$/u : /^[\u0020-\u007e]*$/);
      }
    }),
  );
});

test('D11 what does not fit is counted, and every pane keeps a line', () => {
  const many = Array.from({ length: 50 }, (_, index) => ({ ...agent, agent: `claude-${index}` }));
  const lines = text({ ...seen, agents: many }, { ...wide, rows: 16 });
  expect(lines.length).toBeLessThanOrEqual(16);
  for (const title of ['Plan', 'Agents 50', 'Queue', 'Inbox 1'])
    expect(lines.some((line) => line.includes(title))).toBe(true);
  expect(lines.join('\n')).toMatch(/Agents 50 \(\d+ of 100 lines\)/);
});

test('D11 a silent agent, a paused plan and a missing coordinator say so', () => {
  const lines = text(
    {
      ...seen,
      led: false,
      agents: [{ ...agent, status: 'silent', quietMs: 90_000 }],
      plans: seen.plans.map((plan) => ({ ...plan, paused: true })),
    },
    wide,
  ).join('\n');
  expect(lines).toContain('silent for 90 s');
  expect(lines).toContain('paused: 001');
  expect(lines).toContain('no coordinator leads');
  expect(lines).toContain('Nothing lands until somebody leads: orbit run');
});
