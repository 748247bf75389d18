import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentEvent } from '../agent.ts';
import { openCodeReader } from './reader.ts';

type Fields = Readonly<Record<string, unknown>>;

const session = 'ses_1';

/** A line of the event stream; `at` is its time in milliseconds, as the server puts it into the id. */
function line(type: string, properties: Fields, at = 0): string {
  const id = `evt_${(at * 4_096).toString(16).padStart(12, '0')}xyz`;
  return `data: ${JSON.stringify({ id, type, properties: { sessionID: session, ...properties } })}`;
}

const part = (fields: Fields): string => line('message.part.updated', { part: { sessionID: session, ...fields } });
const user = (id: string): string => line('message.updated', { info: { id, role: 'user' } });
const answer = (id: string, more: Fields = {}): string =>
  line('message.updated', { info: { id, role: 'assistant', modelID: 'm/x', providerID: 'p', ...more } });
const busy = line('session.status', { status: { type: 'busy' } });
const idle = line('session.idle', {});
const step = (id: string, messageID: string): string => part({ type: 'step-start', id, messageID });
const finish = (id: string, tokens: Fields, more: Fields = {}): string =>
  part({ type: 'step-finish', id, reason: 'stop', tokens, cost: 0.25, ...more });
const tool = (state: Fields, name = 'bash', id = 'call_1'): string =>
  part({ type: 'tool', tool: name, callID: id, id: `prt_${id}`, state });
const failure = (name: string, data: Fields): string => line('session.error', { error: { name, data } });

function read(...lines: string[]): AgentEvent[] {
  const reader = openCodeReader();
  return lines.flatMap((text) => reader.read({ text, droppedBytes: 0 }, 'out'));
}

const typesOf = (events: readonly AgentEvent[]): string[] => events.map(({ type }) => type);
const errorsOf = (events: readonly AgentEvent[]): unknown[] =>
  events.flatMap((event) => (event.type === 'error' ? [{ ...event }] : []));

test('P10 a session is told with its model, and again only when the model changes', () => {
  const told = read(
    line('session.created', { info: { id: session, version: '1.18.33' } }),
    line('session.updated', { info: { id: session, version: '1.18.33', model: { id: 'm/x', providerID: 'p' } } }),
    answer('msg_1'),
    answer('msg_2', { modelID: 'other' }),
  );
  expect(told).toEqual([
    { type: 'session', id: session, model: 'p/m/x', version: '1.18.33' },
    { type: 'session', id: session, model: 'p/other' },
  ]);
});

test('P10 a text is told once, whole, however often it comes', () => {
  const whole = part({
    type: 'text',
    id: 'prt_1',
    messageID: 'msg_2',
    text: 'Hello there',
    time: { start: 1, end: 2 },
  });
  const events = read(
    answer('msg_2'),
    step('prt_0', 'msg_2'),
    part({ type: 'text', id: 'prt_1', messageID: 'msg_2', text: '', time: { start: 1 } }),
    line('message.part.delta', { partID: 'prt_1', field: 'text', delta: 'Hello ' }, 100),
    line('message.part.delta', { partID: 'prt_1', field: 'text', delta: 'there' }, 200),
    whole,
    whole,
  );
  expect(events.filter(({ type }) => type === 'message')).toEqual([{ type: 'message', text: 'Hello there' }]);
});

test('C6 a text that takes long is told in pieces, and none of them twice', () => {
  const delta = (text: string, at: number): string =>
    line('message.part.delta', { partID: 'prt_1', field: 'text', delta: text }, at);
  const events = read(
    answer('msg_2'),
    step('prt_0', 'msg_2'),
    part({ type: 'reasoning', id: 'prt_1', messageID: 'msg_2', text: '', time: { start: 1 } }),
    delta('one ', 1_000),
    delta('two ', 9_000),
    delta('three ', 11_500),
    delta('four', 12_000),
    part({
      type: 'reasoning',
      id: 'prt_1',
      messageID: 'msg_2',
      text: 'one two three four',
      time: { start: 1, end: 2 },
    }),
  );
  expect(events.filter(({ type }) => type === 'thought')).toEqual([
    { type: 'thought', text: 'one two three ' },
    { type: 'thought', text: 'four' },
  ]);
});

test('P10 a command that fails is told by its exit code although its call is completed', () => {
  const input = { command: 'false' };
  const events = read(
    busy,
    tool({ status: 'pending', input: {} }),
    tool({ status: 'running', input }),
    tool({ status: 'running', input, metadata: { output: 'part' } }),
    tool({ status: 'completed', input, output: 'no', metadata: { exit: 1 } }),
    tool({ status: 'completed', input, output: 'no', metadata: { exit: 1 } }),
  );
  expect(events).toEqual([
    { type: 'tool-call', id: 'call_1', tool: 'bash', input: '{"command":"false"}', kind: 'run' },
    { type: 'tool-result', id: 'call_1', ok: false, text: 'no', exitCode: 1 },
  ]);
});

test('P10 calls: a refused one, an aborted one, one that was first seen when it had ended', () => {
  const events = read(
    busy,
    tool({ status: 'error', input: { filePath: '/x' }, error: 'File not found' }, 'read', 'a'),
    tool({ status: 'completed', input: { tool: 'nope' }, output: 'invalid', metadata: {} }, 'invalid', 'b'),
    tool({ status: 'completed', input: {}, output: 'aborted', metadata: { exit: null } }, 'bash', 'c'),
    tool({ status: 'completed', input: {}, output: 'fine', metadata: {} }, 'orbit_progress', 'd'),
  );
  const results = events.flatMap((event) => (event.type === 'tool-result' ? [[event.id, event.ok, event.text]] : []));
  expect(results).toEqual([
    ['a', false, 'File not found'],
    ['b', false, 'invalid'],
    ['c', false, 'aborted'],
    ['d', true, 'fine'],
  ]);
  expect(events.filter(({ type }) => type === 'tool-call')).toHaveLength(4);
});

test('P10 files that changed are told once a step, by the tool or by the summary of the step', () => {
  const events = read(
    step('prt_1', 'msg_1'),
    tool({ status: 'completed', input: { filePath: 'a' }, metadata: { filepath: '/w/a' } }, 'write', 'a'),
    part({ type: 'patch', id: 'prt_2', files: ['/w/a', '/w/by-a-command'] }),
    step('prt_3', 'msg_2'),
    tool({ status: 'completed', input: {}, metadata: { filediff: { file: '/w/a' } } }, 'edit', 'b'),
    tool(
      { status: 'completed', input: { patchText: '*** Add File: c\n+x\n*** Delete File: d\n' } },
      'apply_patch',
      'c',
    ),
    tool({ status: 'error', input: { filePath: 'e' }, error: 'no' }, 'edit', 'd'),
  );
  const paths = events.flatMap((event) => (event.type === 'file-change' ? [event.path] : []));
  expect(paths).toEqual(['/w/a', '/w/by-a-command', '/w/a', 'c', 'd']);
});

test('P6 usage adds up over steps; the context is what the last call held', () => {
  const events = read(
    line('orbit.model', { model: 'p/m', context: 200_000 }),
    step('prt_1', 'msg_1'),
    finish('prt_2', { input: 1_000, output: 40, reasoning: 10, cache: { read: 200, write: 50 } }),
    finish('prt_2', { input: 1_000, output: 40, reasoning: 10, cache: { read: 200, write: 50 } }),
    finish('prt_3', { input: 10, output: 'x', cache: null }),
  );
  expect(events).toEqual([
    { type: 'usage', tokens: 1_300, costUsd: 0.25, contextUsed: 1_300, contextSize: 200_000 },
    { type: 'usage', tokens: 1_310, costUsd: 0.5, contextUsed: 10, contextSize: 200_000 },
  ]);
});

test('C8 a hint was seen when an answer that came after it begins, not when it was taken', () => {
  const words = (id: string, messageID: string, text: string): string => part({ type: 'text', id, messageID, text });
  const before = [
    user('msg_1'),
    words('prt_1', 'msg_1', 'the prompt'),
    busy,
    answer('msg_2', { time: { created: 1 } }),
    step('prt_2', 'msg_2'),
    user('msg_3'),
    words('prt_3', 'msg_3', 'a hint'),
  ];
  expect(typesOf(read(...before))).not.toContain('hint-seen');
  const seen = read(...before, answer('msg_4', { time: { created: 2 } }), step('prt_4', 'msg_4'));
  expect(seen.at(-1)).toEqual({ type: 'hint-seen', text: 'a hint' });
});

test("C8 words in the user's name that nobody said are no hint", () => {
  const events = read(
    user('msg_1'),
    part({ type: 'text', id: 'prt_1', messageID: 'msg_1', text: 'the prompt' }),
    user('msg_3'),
    part({ type: 'text', id: 'prt_3', messageID: 'msg_3', text: 'go on', synthetic: true, time: { start: 1, end: 1 } }),
    answer('msg_4'),
    step('prt_4', 'msg_4'),
  );
  expect(typesOf(events)).toEqual(['session']);
});

test('C7 a retry is told with what OpenCode waits, a longer limit with its own time', () => {
  const retry = (message: string, more: Fields = {}): string => {
    const at = 1_795_228_700_000;
    const status = { type: 'retry', attempt: 1, message, next: at + 2_000, ...more };
    return line('session.status', { status, time: at }, at % 2 ** 36);
  };
  const cases: [string, Fields][] = [
    ['Provider is overloaded', { class: 'network', retryAfterMs: 2_000, critical: false, retrying: true }],
    ['Rate limit reached', { class: 'quota', retryAfterMs: 2_000, critical: false, retrying: true }],
    [
      'Usage limit. Try again in 2 hours.',
      { class: 'quota', retryAfterMs: 7_200_000, critical: false, retrying: true },
    ],
    ['Invalid API key', { class: 'login', retryAfterMs: 2_000, critical: true }],
    ['Strange words', { class: 'network', retryAfterMs: 2_000, critical: false, retrying: true }],
  ];
  for (const [text, expected] of cases) {
    expect(errorsOf(read(retry(text)))).toEqual([{ type: 'error', text, ...expected }]);
  }
});

test('C7 what ends a turn has its class and weight', () => {
  const cases: [string, Fields, Fields][] = [
    ['APIError', { message: 'No', statusCode: 401 }, { class: 'login', critical: true, text: 'No (status 401)' }],
    ['APIError', { message: 'No', statusCode: 403 }, { class: 'login', critical: true, text: 'No (status 403)' }],
    ['ProviderAuthError', { message: 'No key' }, { class: 'login', critical: true, text: 'No key' }],
    ['APIError', { message: 'Down', statusCode: 529 }, { class: 'network', critical: true, text: 'Down (status 529)' }],
    ['APIError', { message: 'socket hang up' }, { class: 'network', critical: true, text: 'socket hang up' }],
    [
      'APIError',
      { message: 'No such model', statusCode: 404 },
      { class: 'agent', critical: true, text: 'No such model (status 404)' },
    ],
    [
      'UnknownError',
      { message: 'Model not found: p/m.' },
      { class: 'agent', critical: true, text: 'Model not found: p/m.' },
    ],
    ['ContextOverflowError', { message: 'Too long' }, { class: 'context', critical: false, text: 'Too long' }],
    ['NeverHeardOf', {}, { class: 'agent', critical: true, text: 'NeverHeardOf' }],
  ];
  for (const [name, data, expected] of cases) {
    const events = read(busy, failure(name, data), idle, idle);
    expect(events).toEqual([
      { type: 'error', retryAfterMs: null, ...expected },
      { type: 'turn-end', reason: 'failed', text: expected['text'] },
    ]);
  }
});

test('P6 a quota error tells when it is over: by its header, else by its words', () => {
  const quota = (data: Fields): unknown => errorsOf(read(busy, failure('APIError', { statusCode: 429, ...data })))[0];
  const date = 'Sat, 21 Nov 2026 02:40:56 GMT';
  const at = (retryAfterMs: number | null): Fields => ({ class: 'quota', critical: false, retryAfterMs });
  expect(quota({ message: 'no', responseHeaders: { 'retry-after': '60' } })).toMatchObject(at(60_000));
  expect(quota({ message: 'no', responseHeaders: { 'retry-after-ms': '1500' } })).toMatchObject(at(1_500));
  expect(
    quota({ message: 'no', responseHeaders: { date, 'retry-after': 'Sat, 21 Nov 2026 02:41:56 GMT' } }),
  ).toMatchObject(at(60_000));
  expect(quota({ message: 'Try again in 2 hours.', responseHeaders: { date } })).toMatchObject(at(7_200_000));
  expect(quota({ message: 'Slow down' })).toMatchObject(at(null));
});

test('C7 the same error told twice counts once, and one that came before the turn ends it', () => {
  const twice = read(
    busy,
    failure('UnknownError', { message: 'x' }),
    idle,
    failure('UnknownError', { message: 'x at y' }),
  );
  expect(typesOf(twice)).toEqual(['error', 'turn-end']);
  expect(typesOf(read(failure('UnknownError', { message: 'x' })))).toEqual(['error', 'turn-end']);
});

test('C5 a context that overflowed and was shortened is told, and the turn may end well all the same', () => {
  const events = read(
    busy,
    failure('ContextOverflowError', { message: 'Too long' }),
    part({ type: 'compaction', id: 'prt_1', auto: true }),
    answer('msg_2', { summary: true }),
    step('prt_2', 'msg_2'),
    part({ type: 'text', id: 'prt_3', messageID: 'msg_2', text: 'a summary', time: { start: 1, end: 2 } }),
    line('session.compacted', {}),
    answer('msg_3'),
    step('prt_4', 'msg_3'),
    part({ type: 'text', id: 'prt_5', messageID: 'msg_3', text: 'done', time: { start: 1, end: 2 } }),
    idle,
  );
  expect(typesOf(events)).toEqual(['error', 'message', 'session', 'thought', 'message', 'turn-end']);
  expect(events.at(-1)).toEqual({ type: 'turn-end', reason: 'completed', text: 'done' });
});

test('C8 an abort ends the turn once; what is left of it comes later and begins no other turn', () => {
  const events = read(
    answer('msg_2'),
    step('prt_1', 'msg_2'),
    part({ type: 'text', id: 'prt_2', messageID: 'msg_2', text: '', time: { start: 1 } }),
    line('message.part.delta', { partID: 'prt_2', field: 'text', delta: 'half' }),
    tool({ status: 'running', input: {} }),
    failure('MessageAbortedError', { message: 'Aborted' }),
    idle,
    part({ type: 'text', id: 'prt_2', messageID: 'msg_2', text: 'half', time: { start: 1, end: 2 } }),
    tool({ status: 'completed', input: {}, output: 'aborted', metadata: { exit: null } }),
    answer('msg_2', { time: { created: 1, completed: 2 } }),
    idle,
  );
  expect(typesOf(events)).toEqual(['session', 'tool-call', 'message', 'turn-end', 'tool-result']);
  expect(events[3]).toEqual({ type: 'turn-end', reason: 'interrupted', text: 'half' });
  expect(read(busy, idle)).toEqual([{ type: 'turn-end', reason: 'interrupted', text: '' }]);
});

test("P10 the model's own limit of output ends a turn as a limit", () => {
  const events = read(busy, step('prt_1', 'msg_1'), finish('prt_2', {}, { reason: 'length' }), idle);
  expect(events.at(-1)).toEqual({ type: 'turn-end', reason: 'limit', text: '' });
});

test("P10 a helper's tools and tokens count, its words and its end do not; other sessions are nobody's", () => {
  const of = (text: string, id: string): string => text.replaceAll(session, id);
  const events = read(
    busy,
    step('prt_0', 'msg_1'),
    line('session.created', { sessionID: 'ses_child', info: { id: 'ses_child', parentID: session } }),
    of(answer('msg_c'), 'ses_child'),
    of(part({ type: 'text', id: 'prt_1', messageID: 'msg_c', text: 'inner', time: { end: 1 } }), 'ses_child'),
    of(tool({ status: 'running', input: {} }, 'read', 'inner'), 'ses_child'),
    of(finish('prt_2', { input: 5 }), 'ses_child'),
    of(failure('APIError', { message: 'x', statusCode: 500 }), 'ses_child'),
    of(idle, 'ses_child'),
    of(tool({ status: 'running', input: {} }, 'bash', 'alien'), 'ses_other'),
    of(idle, 'ses_other'),
  );
  expect(typesOf(events)).toEqual(['tool-call', 'usage']);
  expect(events[1]).toMatchObject({ tokens: 5, contextUsed: null });
});

test('P10 todo lists come once for each change', () => {
  const todos = [
    { content: 'one', status: 'completed', priority: 'high' },
    { content: 'two', status: 'in_progress', priority: 'low' },
  ];
  const events = read(
    busy,
    line('todo.updated', { todos }),
    tool({ status: 'completed', input: { todos }, metadata: { todos } }, 'todowrite'),
  );
  expect(events.filter(({ type }) => type === 'todo')).toEqual([
    {
      type: 'todo',
      items: [
        { text: 'one', done: true },
        { text: 'two', done: false },
      ],
    },
  ]);
});

test('P10 the one-shot program: tools when finished, one turn, errors end it', () => {
  const run = (type: string, fields: Fields): string =>
    JSON.stringify({ type, timestamp: 1, sessionID: session, ...fields });
  const state = { status: 'completed', input: { command: 'ls' }, output: 'a', metadata: { exit: 0 } };
  const events = read(
    run('step_start', { part: { type: 'step-start', id: 'p1' } }),
    run('tool_use', { part: { type: 'tool', tool: 'bash', callID: 'c1', state } }),
    run('step_finish', {
      part: { type: 'step-finish', id: 'p2', reason: 'tool-calls', tokens: { input: 3 }, cost: 0 },
    }),
    run('step_start', { part: { type: 'step-start', id: 'p3' } }),
    run('text', { part: { type: 'text', id: 'p4', text: 'Done.', time: { start: 1, end: 2 } } }),
    run('step_finish', { part: { type: 'step-finish', id: 'p5', reason: 'stop', tokens: { input: 4 }, cost: 0 } }),
  );
  expect(typesOf(events)).toEqual(['session', 'tool-call', 'tool-result', 'usage', 'message', 'usage', 'turn-end']);
  const failed = read(run('error', { error: { name: 'APIError', data: { message: 'No', statusCode: 401 } } }));
  expect(typesOf(failed)).toEqual(['session', 'error', 'turn-end']);
  expect(failed[1]).toMatchObject({ class: 'login', critical: true });
});

test('A3 keeps unknown lines: kinds nobody knows are counted, other words are messages, framing is nothing', () => {
  expect(read(line('brand.new', {}), part({ type: 'hologram' }), '{"type":"strange"}', '{"x":1}')).toEqual([
    { type: 'unknown', name: 'brand.new' },
    { type: 'unknown', name: 'part hologram' },
    { type: 'unknown', name: 'strange' },
    { type: 'unknown', name: 'line without a type' },
  ]);
  expect(read('', ':', 'event: message', 'id: 7', 'opencode server listening on http://127.0.0.1:1')).toEqual([]);
  expect(read('data: {"broken', 'plain words')).toEqual([
    { type: 'message', text: 'data: {"broken' },
    { type: 'message', text: 'plain words' },
  ]);
  const wrapped = JSON.stringify({
    directory: '/w',
    payload: { type: 'session.idle', properties: { sessionID: session } },
  });
  expect(typesOf(read(busy, wrapped))).toEqual(['turn-end']);
});

test('I20 a result that was too long to keep still ends its call', () => {
  const reader = openCodeReader();
  for (const text of [busy, tool({ status: 'running', input: {} })]) reader.read({ text, droppedBytes: 0 }, 'out');
  const long = tool({ status: 'completed', input: {}, output: 'x'.repeat(500), metadata: { exit: 0 } }).slice(0, 400);
  const told = reader.read({ text: long, droppedBytes: 5_000_000 }, 'out');
  expect(told).toMatchObject([{ type: 'tool-result', id: 'call_1', ok: true }]);
  expect(reader.read({ text: long, droppedBytes: 5_000_000 }, 'out')).toEqual([
    { type: 'unknown', name: 'line too long' },
  ]);
});

test('I20 no line makes the reader throw, and what it tells is bounded', () => {
  const types = [
    'message.updated',
    'message.part.updated',
    'message.part.delta',
    'session.status',
    'session.error',
    'todo.updated',
    'session.created',
    'orbit.model',
  ];
  const event = fc.record({
    type: fc.constantFrom(...types),
    properties: fc.oneof(fc.object({ maxDepth: 4 }), fc.jsonValue()),
  });
  const partEvent = fc.record({
    type: fc.constant('message.part.updated'),
    properties: fc.record({
      sessionID: fc.constantFrom(session, 'other'),
      part: fc.record({
        type: fc.constantFrom('text', 'reasoning', 'tool', 'step-start', 'step-finish', 'patch', 'retry', 'compaction'),
        id: fc.oneof(fc.string(), fc.integer()),
        tool: fc.constantFrom('bash', 'write', 'todowrite', 7),
        callID: fc.constantFrom('a', 'b', null),
        text: fc.oneof(fc.string(), fc.constant(null)),
        files: fc.jsonValue(),
        tokens: fc.jsonValue(),
        state: fc.oneof(
          fc.record({
            status: fc.constantFrom('running', 'completed', 'error', 'x'),
            input: fc.jsonValue(),
            output: fc.jsonValue(),
            metadata: fc.jsonValue(),
          }),
          fc.jsonValue(),
        ),
      }),
    }),
  });
  const lines = fc.array(
    fc.oneof(
      event.map((value) => JSON.stringify(value)),
      partEvent.map((value) => JSON.stringify(value)),
      fc.string(),
      fc.json(),
    ),
    { maxLength: 12 },
  );
  fc.assert(
    fc.property(lines, (all) => {
      const events = read(...all);
      expect(events.filter((told) => JSON.stringify(told).length > 1_000_000)).toEqual([]);
      const counts = events.flatMap((told) => (told.type === 'usage' ? [told.tokens, told.costUsd] : []));
      expect(counts.filter((count) => !Number.isFinite(count) || count < 0)).toEqual([]);
    }),
    { numRuns: 500 },
  );
});

test('I20 a session of any length is read in bounded memory', () => {
  const hints = Array.from({ length: 5_000 }, (_none, index) =>
    part({ type: 'text', id: `prt_h${index}`, messageID: 'msg_1', text: 'a hint' }),
  );
  const events = read(user('msg_1'), ...hints, answer('msg_2'), step('prt_1', 'msg_2'));
  expect(events.filter(({ type }) => type === 'hint-seen')).toHaveLength(100);
  // What came long ago may come again: it is forgotten, so that memory is not needed for it.
  const steps = Array.from({ length: 5_000 }, (_none, index) => finish(`prt_s${index}`, { input: 1 }));
  const told = read(busy, ...steps, finish('prt_s4999', { input: 1 }), finish('prt_s0', { input: 1 }));
  expect(told).toHaveLength(5_001);
});
