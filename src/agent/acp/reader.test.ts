import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { AgentEvent } from '../agent.ts';
import { classOf, errorOf, faultOfRejection, faultOfWords, retryOnStandardError } from './faults.ts';
import { acpReader, type AcpReader } from './reader.ts';

const reader = (): AcpReader => acpReader({ now: () => 0 });
const read = (one: AcpReader, message: unknown, stream: 'out' | 'in' = 'out'): readonly AgentEvent[] =>
  one.read({ text: JSON.stringify(message), droppedBytes: 0 }, stream);
const update = (fields: unknown): unknown => ({
  jsonrpc: '2.0',
  method: 'session/update',
  params: { sessionId: 's', update: fields },
});
const chunk = (text: string): unknown =>
  update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
const call = (fields: object): unknown => update({ sessionUpdate: 'tool_call', toolCallId: 'c1', ...fields });
const more = (fields: object): unknown => update({ sessionUpdate: 'tool_call_update', toolCallId: 'c1', ...fields });
const prompt = (id: number, text = 'go'): unknown => ({
  jsonrpc: '2.0',
  id,
  method: 'session/prompt',
  params: { sessionId: 's', prompt: [{ type: 'text', text }] },
});
const reply = (id: number, result: object): unknown => ({ jsonrpc: '2.0', id, result });

test('P10 an empty first input is completed by a later call with the same id, and a title stands in for none at all', () => {
  const one = reader();
  expect(read(one, call({ title: 'Preparing', kind: 'edit', rawInput: {} }))).toEqual([
    { type: 'tool-call', id: 'c1', tool: 'edit', input: '', kind: 'edit' },
  ]);
  expect(read(one, more({ title: 'Write a', rawInput: { path: 'a' } }))).toEqual([
    { type: 'tool-call', id: 'c1', tool: 'edit', input: '{"path":"a"}', kind: 'edit' },
  ]);
  expect(read(one, more({ rawInput: { path: 'a' } }))).toEqual([]);
  const other = reader();
  expect(read(other, call({ title: 'cat x', kind: 'execute' }))).toEqual([
    { type: 'tool-call', id: 'c1', tool: 'execute', input: 'cat x', kind: 'run' },
  ]);
});

test("P10 exit codes are found in each program's own place, and win over its word", () => {
  const text = (words: string): object => ({ content: [{ type: 'content', content: { type: 'text', text: words } }] });
  const cases: [object, number | undefined][] = [
    [{ rawOutput: { exit_code: 2 } }, 2],
    [{ rawOutput: { exitCode: 3 } }, 3],
    [{ rawOutput: { metadata: { exit: 4 } } }, 4],
    [{ rawOutput: { contents: [{ type: 'text' }, { type: 'shell_exit', exitCode: 5 }] } }, 5],
    [{ _meta: { terminal_exit: { exit_code: 6 } } }, 6],
    [text('Exit code 7\ncat: x: No such file'), 7],
    [text('Command: x\nOutput: y\nExit Code: 8\nSignal: (none)'), 8],
    [text('nothing is told'), undefined],
  ];
  for (const [fields, exitCode] of cases) {
    const one = reader();
    read(one, call({ kind: 'execute', title: 'x' }));
    const [result] = read(one, more({ status: 'completed', ...fields }));
    expect(result).toMatchObject({ type: 'tool-result', ok: exitCode === undefined });
    expect((result as { exitCode?: number }).exitCode).toBe(exitCode);
  }
});

test('P10 a diff is a changed file once the call succeeded, and a call left open is closed by the end of its turn', () => {
  const diff = { content: [{ type: 'diff', path: '/w/a', oldText: null, newText: 'x' }] };
  const one = reader();
  expect(read(one, call({ kind: 'edit', title: 'x', ...diff })).map(({ type }) => type)).toEqual(['tool-call']);
  expect(read(one, more({ status: 'completed' }))[0]).toEqual({ type: 'file-change', path: '/w/a' });
  expect(read(one, more({ status: 'completed' }))).toEqual([]);
  const failed = reader();
  read(failed, call({ kind: 'edit', title: 'x', ...diff }));
  expect(read(failed, more({ status: 'failed' })).map(({ type }) => type)).toEqual(['tool-result']);
  const open = reader();
  read(open, call({ kind: 'execute', title: 'sleep 9' }));
  expect(read(open, reply(1, { stopReason: 'cancelled' })).map(({ type }) => type)).toEqual([
    'tool-result',
    'turn-end',
  ]);
});

test('P10 a result that was too long to be kept still ends its call', () => {
  const one = reader();
  read(one, call({ kind: 'execute', title: 'cat big' }));
  const line = JSON.stringify(more({ status: 'completed', rawOutput: 'x'.repeat(9_000) })).slice(0, 8_000);
  const events = one.read({ text: line, droppedBytes: 1_000 }, 'out');
  expect(events.map(({ type }) => type)).toEqual(['unknown', 'tool-result']);
});

test('P10 each stop reason is told as what it means', () => {
  const reasons = ['end_turn', 'max_tokens', 'max_turn_requests', 'refusal', 'cancelled', 'never-heard-of'].map(
    (stop) => {
      const one = reader();
      read(one, chunk('done'));
      const end = read(one, reply(1, { stopReason: stop })).at(-1);
      return end?.type === 'turn-end' ? end.reason : null;
    },
  );
  expect(reasons).toEqual(['completed', 'limit', 'limit', 'failed', 'interrupted', 'failed']);
});

test('E9 errors that stand as words in the answer are errors, and what a model says of errors is not', () => {
  const failed = (...texts: string[]): readonly AgentEvent[] => {
    const one = reader();
    for (const text of texts) read(one, chunk(text));
    return read(one, reply(1, { stopReason: 'end_turn' }));
  };
  expect(failed('Error: Failed to get response; retried 5 times. Last error: 529 Overloaded')).toMatchObject([
    { type: 'error', class: 'network', critical: true },
    { type: 'turn-end', reason: 'failed' },
  ]);
  expect(failed('I look.', 'Error: 429 You exceeded your current quota')).toMatchObject([
    { type: 'error', class: 'quota', critical: false },
    { type: 'turn-end', reason: 'failed' },
  ]);
  expect(failed('I look.', 'Error: handling is missing in parser.ts').at(-1)).toMatchObject({ reason: 'completed' });
  expect(failed('Error: 529 Overloaded', 'It went on.').at(-1)).toMatchObject({ reason: 'completed' });
  const codex = reader();
  const retry = { message: 'Reconnecting... 1/1', codexErrorInfo: { responseStreamDisconnected: {} }, willRetry: true };
  const info = (error: object): unknown =>
    update({ sessionUpdate: 'session_info_update', _meta: { codex: { error } } });
  expect(read(codex, info(retry))).toMatchObject([{ type: 'error', class: 'network', retrying: true }]);
  read(codex, info({ ...retry, message: 'gave up', willRetry: false }));
  expect(read(codex, reply(1, { stopReason: 'end_turn' })).at(-1)).toMatchObject({ reason: 'failed' });
});

test('P6 P10 rejections and retries have the class that the ladder needs', () => {
  const classes: [unknown, string | null][] = [
    [{ code: 401, message: '{"error":{"code":401,"message":"API key not valid."}}' }, 'login'],
    [{ code: -32_000, message: 'Authentication required' }, 'login'],
    [{ code: -32_603, message: 'Internal error', data: { details: '429 Rate limit reached' } }, 'quota'],
    [{ code: -32_603, message: 'x', data: { errorKind: 'server_error' } }, 'network'],
    [{ code: -32_603, message: 'Prompt is too long', data: { errorKind: 'invalid_request' } }, 'context'],
    [{ code: 400, message: 'The input token count (9) exceeds the maximum number of tokens allowed (8).' }, 'context'],
    [{ code: 500, message: 'terminated' }, 'network'],
    [{ code: -32_603, message: 'something else' }, null],
    [null, null],
  ];
  expect(classes.map(([error]) => classOf(faultOfRejection(error)))).toEqual(classes.map(([, kind]) => kind));
  expect(errorOf(faultOfWords('429 limit reached, try again in 30s'), 0)).toMatchObject({
    class: 'quota',
    retryAfterMs: 30_000,
    critical: false,
  });
  expect(retryOnStandardError('Attempt 1 failed with status 503. Retrying with backoff... x', 0)).toMatchObject({
    class: 'network',
    retrying: true,
  });
  expect(retryOnStandardError('Attempt 1 failed with status 401. Retrying', 0)).toMatchObject({ critical: true });
});

test('P10 tokens are counted once, however they are told', () => {
  const totals = (name: string, ...messages: unknown[]): number[] => {
    const one = reader();
    read(one, reply(0, { protocolVersion: 1, agentInfo: { name } }));
    return messages.flatMap((message) =>
      read(one, message).flatMap((event) => (event.type === 'usage' ? [event.tokens] : [])),
    );
  };
  const ended = (id: number, fields: object): unknown => reply(id, { stopReason: 'end_turn', ...fields });
  const used = (totalTokens: number): object => ({ usage: { totalTokens } });
  expect(totals('Copilot', ended(1, used(10)), ended(2, used(25)))).toEqual([10, 25]);
  expect(totals('another', ended(1, used(10)), ended(2, used(25)))).toEqual([10, 35]);
  const quota = { _meta: { quota: { token_count: { input_tokens: 7, output_tokens: 1 } } } };
  expect(totals('gemini-cli', ended(1, quota), ended(2, quota))).toEqual([8, 16]);
  const piece = update({
    sessionUpdate: 'agent_message_chunk',
    content: { type: 'text', text: '' },
    _meta: { usage: { totalTokens: 5 } },
  });
  expect(totals('qwen-code', piece, piece, ended(1, used(10)))).toEqual([5, 10]);
});

test('P10 words come line by line, whatever the pieces; a turn ends when no prompt is unanswered', () => {
  const one = reader();
  read(one, prompt(1), 'in');
  expect(['one li', 'ne\ntwo', ' lines'].flatMap((text) => read(one, chunk(text)))).toEqual([
    { type: 'message', text: 'one line' },
  ]);
  read(one, prompt(2, 'a hint'), 'in');
  expect(read(one, reply(1, { stopReason: 'end_turn' }))).toEqual([{ type: 'message', text: 'two lines' }]);
  expect(one.isBusy()).toBe(true);
  expect(read(one, reply(2, { stopReason: 'end_turn' })).at(-1)).toMatchObject({ type: 'turn-end' });
  expect(one.isBusy()).toBe(false);
});

test('I20 no JSON makes the reader throw or tell what is no event', () => {
  const message = fc.oneof(
    fc.json(),
    fc
      .record({ sessionUpdate: fc.string(), content: fc.json(), rawInput: fc.json() })
      .map((fields) => JSON.stringify(update(fields))),
    fc
      .record({ toolCallId: fc.string(), status: fc.string(), kind: fc.string(), title: fc.json() })
      .map((fields) => JSON.stringify(update({ sessionUpdate: 'tool_call', ...fields }))),
    fc.record({ id: fc.json(), result: fc.jsonValue() }).map((fields) => JSON.stringify(fields)),
    fc.string(),
  );
  fc.assert(
    fc.property(fc.array(message, { maxLength: 20 }), (texts) => {
      const one = reader();
      for (const text of texts)
        for (const event of one.read({ text, droppedBytes: 0 }, 'out')) expect(event.type).not.toBe('end');
    }),
    { numRuns: 300 },
  );
});
