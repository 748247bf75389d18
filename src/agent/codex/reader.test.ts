import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentEvent } from '../agent.ts';
import { codexReader } from './reader.ts';

const thread = 't-1';

test('I20 odd lines are counted or shown, never fatal', () => {
  expect(read('{"method":"never/heardOf","params":{}}')).toEqual([{ type: 'unknown', name: 'never/heardOf' }]);
  expect(read('{"type":"never.heard"}')).toEqual([{ type: 'unknown', name: 'never.heard' }]);
  expect(read('{}')).toEqual([{ type: 'unknown', name: 'a line without a method' }]);
  expect(read('plain words')).toEqual([{ type: 'message', text: 'plain words' }]);
  expect(read('')).toEqual([]);
  expect(read('{"method":"item/started"}', '{"method":"item/completed","params":{"item":7}}')).toEqual(
    Array.from({ length: 1 }, () => ({ type: 'unknown', name: 'item ' })),
  );
  expect(read('{"method":"constructor","params":{}}', '{"method":"toString"}')).toEqual([
    { type: 'unknown', name: 'constructor' },
    { type: 'unknown', name: 'toString' },
  ]);
});

test('I20 whatever the shape of a known line, the reader neither throws nor tells halves', () => {
  const method = fc.constantFrom(
    'item/started',
    'item/completed',
    'turn/completed',
    'turn/plan/updated',
    'thread/tokenUsage/updated',
    'error',
    'thread/started',
    'model/rerouted',
    'account/rateLimits/updated',
    'item/agentMessage/delta',
  );
  const type = fc.constantFrom(
    'commandExecution',
    'fileChange',
    'mcpToolCall',
    'agentMessage',
    'reasoning',
    'userMessage',
    'todo_list',
  );
  const anyItem = fc.tuple(
    type,
    fc.dictionary(
      fc.constantFrom('id', 'text', 'command', 'changes', 'content', 'result', 'error', 'status', 'exitCode'),
      fc.jsonValue(),
    ),
  );
  const line = fc.record({
    method,
    params: fc.oneof(
      fc.jsonValue(),
      anyItem.map(([name, rest]) => ({ item: { ...rest, type: name } })),
      fc.record({ turn: fc.jsonValue(), error: fc.jsonValue(), tokenUsage: fc.jsonValue(), willRetry: fc.jsonValue() }),
    ),
  });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 20 }), (lines) => {
      const open = new Set<string>();
      const events = read(...lines.map((one) => JSON.stringify(one)));
      const orphans = events.filter((event) => {
        if (event.type === 'tool-call') open.add(event.id);
        return event.type === 'tool-result' && !open.delete(event.id);
      });
      expect(orphans).toEqual([]);
      expect(events.every((event) => event.type !== 'usage' || Number.isFinite(event.tokens))).toBe(true);
    }),
  );
});

test('P10 a result without its call brings the call, and nothing comes twice', () => {
  const started = item('item/started', {
    type: 'commandExecution',
    id: 'c',
    command: "/bin/bash -lc 'cat x'",
    status: 'inProgress',
  });
  const completed = item('item/completed', {
    type: 'commandExecution',
    id: 'c',
    command: "/bin/bash -lc 'cat x'",
    status: 'failed',
    exitCode: 2,
    aggregatedOutput: 'no',
  });
  const told = [
    { type: 'tool-call', id: 'c', tool: 'shell', input: '{"command":"cat x"}', kind: 'read' },
    { type: 'tool-result', id: 'c', ok: false, text: 'no', exitCode: 2 },
  ];
  expect(read(completed)).toEqual(told);
  expect(read(started, started, completed, completed, started)).toEqual(told);
});

test('P10 a call that never ends is closed by the hint that overtook it, or by the end of the turn', () => {
  const started = item('item/started', { type: 'commandExecution', id: 'c', command: 'make', status: 'inProgress' });
  const prompt = item('item/started', { type: 'userMessage', id: 'u1', content: [{ type: 'text', text: 'Do it.' }] });
  const hint = item('item/started', { type: 'userMessage', id: 'u2', content: [{ type: 'text', text: 'Faster.' }] });
  const late = item('item/completed', {
    type: 'commandExecution',
    id: 'c',
    command: 'make',
    status: 'completed',
    exitCode: 0,
  });
  expect(read(prompt, started, hint, hint, late).slice(1)).toEqual([
    { type: 'tool-result', id: 'c', ok: true, text: 'its end was not told: a hint came first' },
    { type: 'hint-seen', text: 'Faster.' },
  ]);
  expect(read(started, turnEnd('interrupted')).slice(1)).toEqual([
    { type: 'tool-result', id: 'c', ok: true, text: 'its end was not told: the turn ended' },
    { type: 'turn-end', reason: 'interrupted', text: '' },
  ]);
});

test('P10 every path of a file change is told, both names of a moved file, none if it failed', () => {
  const changes = [
    { path: '/w/a', kind: { type: 'add' }, diff: '+x' },
    { path: '/w/b', kind: { type: 'update', move_path: '/w/c' }, diff: '-x' },
  ];
  const paths = (status: string): string[] =>
    read(item('item/completed', { type: 'fileChange', id: 'f', changes, status })).flatMap((event) =>
      event.type === 'file-change' ? [event.path] : [],
    );
  expect(paths('completed')).toEqual(['/w/a', '/w/b', '/w/c']);
  expect(paths('failed')).toEqual([]);
});

test('C4 changes without their text are no calls that could seem to repeat', () => {
  const line = (id: string): string =>
    JSON.stringify({
      type: 'item.completed',
      item: { id, type: 'file_change', changes: [{ path: 'a', kind: 'update' }], status: 'completed' },
    });
  expect(read(line('1'), line('2'))).toEqual([
    { type: 'file-change', path: 'a' },
    { type: 'file-change', path: 'a' },
  ]);
});

test('C7 classes of errors: by Codex’s word, by status, by text', () => {
  const cases: [message: string, info: unknown, willRetry: boolean, told: Partial<AgentEvent>][] = [
    ['x', 'unauthorized', false, { class: 'login', critical: true }],
    [
      'Reconnecting... 1/5',
      { responseStreamDisconnected: { httpStatusCode: 401 } },
      true,
      { class: 'login', critical: true },
    ],
    ['Missing environment variable: `K`.', 'other', false, { class: 'login', critical: true }],
    ['x', 'usageLimitExceeded', false, { class: 'quota', critical: false }],
    ['x', { responseTooManyFailedAttempts: { httpStatusCode: 429 } }, false, { class: 'quota', critical: false }],
    ['x', 'contextWindowExceeded', false, { class: 'context', critical: false }],
    ['x', { httpConnectionFailed: { httpStatusCode: 529 } }, false, { class: 'network', critical: true }],
    [
      'x',
      { responseStreamDisconnected: { httpStatusCode: null } },
      true,
      { class: 'network', critical: false, retrying: true },
    ],
    ['x', 'serverOverloaded', true, { class: 'network', critical: false, retrying: true }],
    ['x', 'modelNotFound', false, { class: 'agent', critical: true }],
    ['x', 'sandboxError', true, { class: 'tool', retrying: true }],
    ['x', { activeTurnNotSteerable: { turnKind: 'review' } }, false, { class: 'agent', critical: false }],
    ['x', { a: 1, b: 2 }, false, { class: 'agent', critical: true }],
    ['', null, false, { class: 'agent', text: 'an error without words' }],
  ];
  for (const [message, codexErrorInfo, willRetry, told] of cases) {
    const [event] = read(notice('error', { error: { message, codexErrorInfo }, willRetry, threadId: thread }));
    expect(event, JSON.stringify(codexErrorInfo)).toMatchObject({ type: 'error', ...told });
  }
});

test('P6 the time when a limit is over: of the text, of the log, of the usage windows', () => {
  const error = (message: string, willRetry = false): string =>
    notice('error', { error: { message, codexErrorInfo: 'usageLimitExceeded' }, willRetry, threadId: thread });
  expect(read(error('usage limit; try again in 2 h'))).toMatchObject([{ retryAfterMs: 7_200_000 }]);
  const windows = notice('account/rateLimits/updated', {
    rateLimits: {
      primary: { usedPercent: 100, resetsAt: now / 1_000 + 60 },
      secondary: { usedPercent: 4, resetsAt: now },
    },
  });
  expect(read(windows, error('Quota exceeded.'))).toMatchObject([{ class: 'quota', retryAfterMs: 60_000 }]);
  expect(read(error('Quota exceeded.'))).toMatchObject([{ retryAfterMs: null }]);
});

test('P6 the wait of a retry is in the log on standard error, which comes before or after', () => {
  const log =
    '\u001B[2m2026-11-21T03:10:20.5Z\u001B[0m \u001B[33m WARN\u001B[0m codex_core::responses_retry: stream disconnected - retrying sampling request (1/5 in 59.9s)... retries=1 sampling_error=exceeded retry limit, last status: 429 Too Many Requests';
  const error = notice('error', {
    error: { message: 'Reconnecting... 1/5', codexErrorInfo: { responseStreamDisconnected: { httpStatusCode: 429 } } },
    willRetry: true,
    threadId: thread,
  });
  const told = { type: 'error', class: 'quota', critical: false, retrying: true };
  const first = codexReader();
  expect(first.read({ text: log, droppedBytes: 0 }, 'error')).toEqual([]);
  expect(first.read({ text: error, droppedBytes: 0 }, 'out')).toMatchObject([{ ...told, retryAfterMs: 59_900 }]);
  const second = codexReader();
  expect(second.read({ text: error, droppedBytes: 0 }, 'out')).toMatchObject([{ ...told, retryAfterMs: null }]);
  expect(second.read({ text: log, droppedBytes: 0 }, 'error')).toMatchObject([{ ...told, retryAfterMs: 59_900 }]);
});

test('C7 a refused login is told once, and its turn has failed however it ends', () => {
  const error = notice('error', {
    error: { message: 'Reconnecting... 1/5', codexErrorInfo: 'unauthorized' },
    willRetry: true,
    threadId: thread,
  });
  const events = read(error, error, turnEnd('interrupted'), turnEnd('completed'));
  expect(events.map(({ type }) => type)).toEqual(['error', 'turn-end', 'turn-end']);
  expect(events).toMatchObject([{ critical: true }, { reason: 'failed' }, { reason: 'completed' }]);
});

test('C7 the last error of a turn is told once, in both streams', () => {
  const error = notice('error', {
    error: { message: 'gone', codexErrorInfo: 'badRequest' },
    willRetry: false,
    threadId: thread,
  });
  const failed = notice('turn/completed', {
    threadId: thread,
    turn: { id: 'x', status: 'failed', error: { message: 'gone' } },
  });
  const told = [
    { type: 'error', class: 'agent', text: 'gone', critical: true },
    { type: 'turn-end', reason: 'failed', text: 'gone' },
  ];
  expect(read(error, failed)).toMatchObject(told);
  expect(read(failed)).toMatchObject(told);
  const exec = ['{"type":"error","message":"gone"}', '{"type":"turn.failed","error":{"message":"gone"}}'];
  expect(read(...exec)).toMatchObject(told);
});

test('P10 helper threads of Codex end no turn and count no tokens, but their calls show', () => {
  const open = JSON.stringify({ id: 2, result: { thread: { id: thread }, model: 'm' } });
  const other = { threadId: 't-2' };
  const events = read(
    open,
    notice('thread/started', { thread: { id: 't-2' } }),
    notice('thread/tokenUsage/updated', { ...other, tokenUsage: { total: { inputTokens: 9 } } }),
    notice('item/completed', { ...other, item: { type: 'agentMessage', id: 'm1', text: 'helper' } }),
    notice('item/completed', {
      ...other,
      item: { type: 'commandExecution', id: 'c1', command: 'ls', status: 'completed' },
    }),
    notice('turn/completed', { ...other, turn: { id: 'x', status: 'completed' } }),
  );
  expect(events.map(({ type }) => type)).toEqual(['session', 'tool-call', 'tool-result']);
});

test('C6 a text that takes long is told in pieces, and none of it twice', () => {
  const delta = (text: string, at: number): string =>
    JSON.stringify({
      method: 'item/agentMessage/delta',
      params: { threadId: thread, itemId: 'm', delta: text },
      emittedAtMs: at,
    });
  const whole = item('item/completed', { type: 'agentMessage', id: 'm', text: 'one two three' });
  expect(read(delta('one ', now), delta('two ', now + 10_000), delta('three', now + 11_000), whole)).toEqual([
    { type: 'message', text: 'one two ' },
    { type: 'message', text: 'three' },
  ]);
});

test('B5 usage: totals never fall, the context is that of the last call', () => {
  const usage = (total: unknown, last: unknown): string =>
    notice('thread/tokenUsage/updated', { threadId: thread, tokenUsage: { total, last, modelContextWindow: 200 } });
  const events = read(
    usage({ totalTokens: 12, inputTokens: 10, outputTokens: 2 }, { totalTokens: 12 }),
    usage({ totalTokens: 200, inputTokens: 0, outputTokens: 0 }, { totalTokens: 200 }),
    usage('none', null),
  );
  expect(events).toEqual([
    { type: 'usage', tokens: 12, contextUsed: 12, contextSize: 200, costUsd: 0 },
    { type: 'usage', tokens: 12, contextUsed: 200, contextSize: 200, costUsd: 0 },
  ]);
});

test('I20 a result whose line was too long is still a result', () => {
  const reader = codexReader();
  const command = { type: 'commandExecution', id: 'c', command: 'cat big', status: 'completed' };
  reader.read({ text: item('item/started', command), droppedBytes: 0 }, 'out');
  const cut = item('item/completed', { ...command, aggregatedOutput: 'x'.repeat(1_000) }).slice(0, 240);
  expect(reader.read({ text: cut, droppedBytes: 9 }, 'out')).toEqual([
    { type: 'tool-result', id: 'c', ok: true, text: 'its output was too long to be read' },
  ]);
  expect(reader.read({ text: '{"method":"x', droppedBytes: 9 }, 'out')).toMatchObject([{ type: 'unknown' }]);
});

test('P10 on standard error, only what is no log is meant for people', () => {
  const reader = codexReader();
  const say = (text: string): readonly AgentEvent[] => reader.read({ text, droppedBytes: 0 }, 'error');
  expect(say('\u001B[2m2026-11-21T03:38:53Z\u001B[0m \u001B[31mERROR\u001B[0m codex_app_server: it is so')).toEqual([]);
  expect([...say('    1. because'), ...say('')]).toEqual([]);
  expect(say('Error: no such config')).toEqual([{ type: 'message', text: 'Error: no such config' }]);
  expect(say('  and more')).toEqual([{ type: 'message', text: '  and more' }]);
});

test('P10 warnings are no errors, and an MCP server that does not start is one of a tool', () => {
  expect(read(notice('warning', { message: 'Model metadata for `m` not found.' }))).toEqual([]);
  expect(read('{"type":"item.completed","item":{"id":"i","type":"error","message":"Model metadata"}}')).toEqual([
    { type: 'message', text: 'Model metadata' },
  ]);
  const failed = notice('mcpServer/startupStatus/updated', { name: 'orbit', status: 'failed', error: 'no file' });
  expect(read(failed)).toMatchObject([{ type: 'error', class: 'tool', critical: false }]);
});

const now = 1_795_228_800_000;

function notice(method: string, params: unknown): string {
  return JSON.stringify({ method, params, emittedAtMs: now });
}

function item(method: string, fields: unknown): string {
  return notice(method, { threadId: thread, turnId: 'x', item: fields });
}

function turnEnd(status: string): string {
  return notice('turn/completed', { threadId: thread, turn: { id: 'x', status, error: null } });
}

function read(...lines: string[]): AgentEvent[] {
  const reader = codexReader();
  return lines.flatMap((text) => [...reader.read({ text, droppedBytes: 0 }, 'out')]);
}
