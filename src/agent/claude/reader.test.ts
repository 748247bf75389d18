/** Lines that the recordings (test/conformance/fixtures/claude) do not hold: other versions, accounts with a login, odd order. */
import { expect, test } from 'vitest';
import type { AgentEvent } from '../agent.ts';
import { claudeReader } from './reader.ts';

type Line = Readonly<Record<string, unknown>>;

function read(...lines: readonly Line[]): AgentEvent[] {
  const reader = claudeReader();
  return lines.flatMap((line) => [...reader.read({ text: JSON.stringify(line), droppedBytes: 0 }, 'out')]);
}

const at = '2026-11-21T12:00:00.000Z';
const hour = 3_600_000;
const init: Line = { type: 'system', subtype: 'init', session_id: 's', model: 'm', claude_code_version: '2.1.329' };
const login: Line = { ...init, apiKeySource: 'none' };
const retry = (status: number | null, attempt: number, max = 10): Line => ({
  type: 'system',
  subtype: 'api_retry',
  attempt,
  max_retries: max,
  retry_delay_ms: 30_000,
  error_status: status,
  error: 'e',
});
const tool = (name: string, input: Line, id = name): Line => ({
  type: 'assistant',
  message: { id: `m-${id}`, content: [{ type: 'tool_use', id, name, input }] },
});
const toolResult = (id: string, content: unknown, more: Line = {}): Line => ({
  type: 'user',
  message: { content: [{ type: 'tool_result', tool_use_id: id, content, ...more }] },
});
const errors = (events: readonly AgentEvent[]): AgentEvent[] => events.filter(({ type }) => type === 'error');

test('P10 a session is told once, a new turn of it not again', () => {
  expect(read(init, init, { ...init, model: 'n' })).toMatchObject([
    { type: 'session', id: 's', model: 'm', version: '2.1.329' },
    { type: 'session', id: 's', model: 'n' },
  ]);
});

test('P10 tools are told apart by what they are for', () => {
  const kinds = (
    [
      ['Bash', { command: 'npm test' }, 'run'],
      ['Bash', { command: ' sleep 60 ' }, 'wait'],
      ['Bash', { command: 'sleep 5; echo slept' }, 'wait'],
      ['Bash', { command: 'sleep 5; npm test' }, 'run'],
      ['Read', { file_path: '/a' }, 'read'],
      ['Grep', { pattern: 'x' }, 'read'],
      ['Edit', { file_path: '/a' }, 'edit'],
      ['TaskOutput', {}, 'wait'],
      ['mcp__orbit__complete', {}, 'other'],
      ['constructor', {}, 'other'],
    ] as const
  ).map(([name, input, kind]) => [(read(tool(name, input))[0] as { kind?: string }).kind, kind]);
  for (const [told, wanted] of kinds) expect(told).toBe(wanted);
});

test('P10 a file counts as changed when the edit succeeded', () => {
  const call = tool('Edit', { file_path: '/w/a.ts' });
  expect(read(call, toolResult('Edit', 'done'))).toContainEqual({ type: 'file-change', path: '/w/a.ts' });
  const failed = read(call, toolResult('Edit', [{ type: 'text', text: 'not found' }], { is_error: true }));
  expect(failed.filter(({ type }) => type === 'file-change')).toEqual([]);
  expect(failed).toContainEqual({ type: 'tool-result', id: 'Edit', ok: false, text: 'not found' });
});

test('P10 task tools keep one todo list', () => {
  const created = (id: string, subject: string): Line[] => [
    tool('TaskCreate', { subject }, `c${id}`),
    { ...toolResult(`c${id}`, 'ok'), tool_use_result: { task: { id, subject } } },
  ];
  const updated = [tool('TaskUpdate', { taskId: '1', status: 'completed' }, 'u'), toolResult('u', 'ok')];
  const todo = read(...created('1', 'one'), ...created('2', 'two'), ...updated).filter(({ type }) => type === 'todo');
  expect(todo.at(-1)).toEqual({
    type: 'todo',
    items: [
      { text: 'one', done: true },
      { text: 'two', done: false },
    ],
  });
});

test('C7 a refused key is final at once and told once; a login may be renewed once', () => {
  expect(errors(read(init, retry(401, 1), retry(401, 2)))).toMatchObject([{ class: 'login', critical: true }]);
  const renewed = errors(read(login, retry(401, 1), retry(401, 2)));
  expect(renewed).toMatchObject([
    { class: 'login', critical: false, retrying: true },
    { class: 'login', critical: true },
  ]);
});

test('C7 a storm is waited out for a while, then final; the program’s own ten tries are left to it', () => {
  const storm = (max: number): AgentEvent[] =>
    errors(read(init, ...Array.from({ length: 9 }, (_, index) => retry(529, index + 1, max))));
  expect(storm(300).filter((error) => error.type === 'error' && error.critical)).toHaveLength(1);
  expect(storm(10).filter((error) => error.type === 'error' && error.critical)).toEqual([]);
  const answered = read(
    init,
    retry(500, 1, 300),
    retry(500, 2, 300),
    retry(500, 3, 300),
    tool('Read', {}),
    retry(500, 1, 300),
    retry(500, 2, 300),
  );
  expect(errors(answered).every((error) => error.type === 'error' && error.retrying === true)).toBe(true);
});

test('P6 a usage limit tells when it is over, in each of the ways it is told', () => {
  const words = {
    type: 'assistant',
    timestamp: at,
    message: { model: '<synthetic>', content: [{ type: 'text', text: 'x' }] },
  };
  const result = (text: string): Line => ({ type: 'result', subtype: 'success', is_error: true, result: text });
  const quota = (retryAfterMs: number | null): AgentEvent[] => [
    { type: 'error', class: 'quota', text: expect.any(String) as string, retryAfterMs, critical: false },
  ];
  const epoch = Date.parse(at) / 1_000 + 7_200;
  expect(errors(read(words, result(`Claude AI usage limit reached|${epoch}`)))).toEqual(quota(2 * hour));
  expect(errors(read(words, result("You've hit your session limit · resets 3pm (UTC)")))).toEqual(quota(3 * hour));
  const event = { type: 'rate_limit_event', rate_limit_info: { status: 'rejected', resetsAt: epoch } };
  expect(errors(read(words, event, result("You've hit your weekly limit")))).toEqual(quota(2 * hour));
  expect(errors(read(result('Credit balance is too low')))).toEqual(quota(null));
  // Without any time in the stream nobody knows how far off it is.
  expect(errors(read(result("You've hit your session limit · resets 3pm (UTC)")))).toEqual(quota(null));
});

test('C7 the end of a turn is judged by its reason, not by its subtype', () => {
  const end = (fields: Line): AgentEvent[] => read({ type: 'result', subtype: 'success', ...fields }).slice(1);
  expect(end({ is_error: false, terminal_reason: 'completed', result: 'ok' })).toEqual([
    { type: 'turn-end', reason: 'completed', text: 'ok' },
  ]);
  expect(end({ is_error: true, terminal_reason: 'aborted_tools', errors: ['[diagnostic] x'] })).toEqual([
    { type: 'turn-end', reason: 'interrupted', text: '' },
  ]);
  const failed = (fields: Line): unknown[] => end({ is_error: true, result: 'Prompt is too long', ...fields });
  expect(failed({ terminal_reason: 'prompt_too_long' })).toMatchObject([
    { class: 'context', critical: false },
    { type: 'turn-end', reason: 'failed' },
  ]);
  expect(end({ is_error: true, api_error_status: 403, result: 'no' })[0]).toMatchObject({
    class: 'login',
    critical: true,
  });
  expect(end({ is_error: true, api_error_status: 529, result: 'no' })[0]).toMatchObject({
    class: 'network',
    critical: true,
  });
  expect(end({ is_error: true, api_error_status: 404, result: 'model m' })[0]).toMatchObject({ class: 'agent' });
  expect(end({ subtype: 'error_max_turns', is_error: true })).toMatchObject([{ type: 'turn-end', reason: 'limit' }]);
});

test('C7 what the program refused to do is told', () => {
  const denied = { tool_name: 'Bash', tool_input: { command: 'ls' } };
  expect(read({ type: 'result', is_error: false, permission_denials: [denied] })).toContainEqual({
    type: 'error',
    class: 'tool',
    text: 'permission was refused: Bash {"command":"ls"}',
    retryAfterMs: null,
    critical: false,
  });
});

test('P10 the first echo is the prompt, later ones are receipts', () => {
  const echo = (text: string): Line => ({
    type: 'user',
    isReplay: true,
    message: { content: [{ type: 'text', text }] },
  });
  expect(read(echo('prompt'), echo('hint'))).toEqual([{ type: 'hint-seen', text: 'hint' }]);
});

test('P10 without parts each answer counts once, whatever it is cut into; totals never go back', () => {
  const block = (text: string): Line => ({
    type: 'assistant',
    message: {
      id: 'm1',
      content: [{ type: 'text', text }],
      usage: { input_tokens: 10, cache_read_input_tokens: 5, output_tokens: 1 },
    },
  });
  const usage = read(init, block('a'), block('b'), { type: 'result', modelUsage: { m: { inputTokens: 3 } } }).filter(
    ({ type }) => type === 'usage',
  );
  expect(usage).toMatchObject([
    { tokens: 16, contextUsed: 16 },
    { tokens: 16, contextUsed: 16 },
  ]);
});

test('P10 a subagent’s calls count, its context is its own', () => {
  const delta = (input: number, parent: string | null): Line => ({
    type: 'stream_event',
    parent_tool_use_id: parent,
    event: { type: 'message_delta', usage: { input_tokens: input } },
  });
  expect(read(delta(100, null), delta(40, 'toolu_1')).at(-1)).toMatchObject({ tokens: 140, contextUsed: 100 });
});
