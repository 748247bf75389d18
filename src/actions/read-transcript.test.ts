import { appendFileSync, mkdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { accepted, asking } from '../../test/conformance/store-fixture.ts';
import { expectFit } from '../../test/support/fits.ts';
import { projectStage } from '../../test/support/project-stage.ts';
import { transcript } from '../api/contract/views.ts';
import type { Context } from './context.ts';
import { readLogText, readTranscript, type Transcript } from './read-transcript.ts';

const at = '2026-11-21T10:03:07.250Z';

interface Logged {
  context: Context;
  token: number;
  /** Adds to verbose.jsonl, or to another log. */
  write: (text: string, log?: string) => void;
  /** Begins verbose.jsonl anew, as a runner does when it is large. */
  anew: () => void;
  end: () => Promise<void>;
}

async function logged(adapter: string): Promise<Logged> {
  const { made, context, load, execute } = await projectStage();
  await load(['T1']);
  const profile = { adapter, models: [null], thinking: null, canThink: false };
  const claim = await context.store.claim(asking('a-1', { task: '001/T1', profile }), 'a-1', context.clock.now());
  const { token } = accepted(claim);
  const logs = join(made.directory, 'logs');
  mkdirSync(logs);
  const place = { branch: 'b', workspace: '/nowhere', base: made.git('rev-parse', 'main'), logs };
  await execute('T1', { type: 'prepare', token, ...place });
  return {
    context,
    token,
    write: (text, log = 'verbose.jsonl') => appendFileSync(join(logs, log), text),
    anew: () => renameSync(join(logs, 'verbose.jsonl'), join(logs, 'verbose.jsonl.1')),
    end: async () => execute('T1', { type: 'release', token, reason: 'given back', commit: null }),
  };
}

const call = (number: number): string =>
  `${JSON.stringify({ at, event: { type: 'tool-call', id: `c${number}`, tool: 'Bash', input: `ls ${number}` } })}\n`;
const raw = (line: unknown): string => `${JSON.stringify({ at, stream: 'out', raw: JSON.stringify(line) })}\n`;
const texts = ({ entries }: Transcript): string[] => entries.map(({ text }) => text);

/** Reads on from `from` until nothing is left. */
async function pages(
  { context, token }: Logged,
  { from = 0, limit = 10 }: { from?: number; limit?: number } = {},
): Promise<Transcript[]> {
  const found: Transcript[] = [];
  for (let next = from; ;) {
    const page = await readTranscript(context, { token, from: next, limit, kinds: null });
    expectFit(transcript, page);
    found.push(page);
    if (!page.more) return found;
    expect(page.next).not.toBe(next);
    next = page.next;
  }
}

test('B8 a transcript is read page by page, each entry once, and goes on as the log grows', async () => {
  const stage = await logged('command');
  for (let number = 0; number < 25; number += 1) stage.write(call(number));
  const found = await pages(stage);
  expect(found.map(({ entries }) => entries.length)).toEqual([10, 10, 5]);
  expect(found.flatMap(texts)).toEqual(Array.from({ length: 25 }, (_, number) => `Bash ls ${number}`));
  expect(found[0]?.entries[0]).toEqual({ at, kind: 'tool-call', text: 'Bash ls 0', line: 0 });
  expect(found.every(({ live }) => live)).toBe(true);

  const { next } = found[2] ?? { next: 0 };
  stage.write(call(25).slice(0, 40));
  expect(await pages(stage, { from: next })).toMatchObject([{ entries: [], next }]);
  stage.write(call(25).slice(40));
  await stage.end();
  expect(await pages(stage, { from: next })).toMatchObject([{ entries: [{ text: 'Bash ls 25' }], live: false }]);
});

test('B8 the last entries are found from the end, and reading goes on from there', async () => {
  const stage = await logged('command');
  const order = { token: stage.token, from: -1, kinds: null };
  expect(await readTranscript(stage.context, { ...order, limit: 5 })).toMatchObject({ entries: [], next: 0 });
  const long = 'x'.repeat(3_000);
  for (let number = 0; number < 500; number += 1)
    stage.write(`${call(number)}${JSON.stringify({ at, stream: 'in', raw: long })}\n`);
  const last = await readTranscript(stage.context, { ...order, limit: 200 });
  expectFit(transcript, last);
  expect(texts(last)).toEqual(Array.from({ length: 200 }, (_, index) => `Bash ls ${300 + index}`));
  expect(last.more).toBe(false);
  expect(await pages(stage, { from: last.next })).toMatchObject([{ entries: [] }]);
  const few = await readTranscript(stage.context, { ...order, limit: 5_000 });
  expect(few.entries).toHaveLength(500);
});

test('B8 a message that comes in parts is whole wherever a page begins', async () => {
  const stage = await logged('gemini');
  const update = (fields: object): string =>
    raw({ jsonrpc: '2.0', method: 'session/update', params: { sessionId: 's', update: fields } });
  const chunk = (text: string): string =>
    update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
  const tool = (id: string): string =>
    update({ sessionUpdate: 'tool_call', toolCallId: id, title: 'Shell', kind: 'execute', rawInput: {} });
  for (let number = 0; number < 6; number += 1)
    stage.write(`${chunk(`part one of ${number}, `)}${call(number)}${chunk('part two')}${tool(`t${number}`)}`);
  const whole = (await pages(stage, { limit: 1_000 })).flatMap(texts);
  const expected = Array.from({ length: 6 }, (_, number) => `part one of ${number}, part two`);
  expect(whole.filter((text) => text.includes('part'))).toEqual(expected);
  for (const limit of [1, 2, 3]) expect((await pages(stage, { limit })).flatMap(texts)).toEqual(whole);
});

test('B8 only the kinds that are asked for are read, and raw lines only then', async () => {
  const stage = await logged('command');
  stage.write(`${call(1)}${raw({ type: 'message', text: 'hello' })}`);
  const order = { token: stage.token, from: 0, limit: 10 };
  const kindsOf = async (kinds: readonly string[] | null): Promise<string[]> =>
    (await readTranscript(stage.context, { ...order, kinds })).entries.map(({ kind }) => kind);
  expect(await kindsOf(null)).toEqual(['tool-call', 'message']);
  expect(await kindsOf(['stdout'])).toEqual(['stdout']);
  expect(await kindsOf(['error'])).toEqual([]);
});

test('I20 whatever stands in a log is read within bounds and steers no screen', async () => {
  const stage = await logged('an adapter of long ago');
  stage.write(`{broken\n\n[]\n${JSON.stringify({ at, event: { type: 'message', text: '\u001b[2Jhi\u202e' } })}\n`);
  stage.write(`${JSON.stringify({ at, event: { type: 'message', text: 'y'.repeat(100_000) } })}\n`);
  stage.write(`{"raw":"${'z'.repeat(9_000_000)}"}\n`);
  stage.write(`${'w'.repeat(2_000_000)}\n${call(1)}`);
  const found = (await pages(stage)).flatMap(({ entries }) => entries);
  expect(found.map(({ kind }) => kind)).toEqual(['unknown', 'unknown', 'message', 'message', 'unknown', 'tool-call']);
  expect(found[2]?.text).toBe('hi');
  expect(found[3]?.text).toMatch(/^y{16384} \[83616 more\]$/);
  expect(found[4]?.text).toMatch(/^w{16384} \[1983616 more\]$/);
});

test('I20 offsets that no page gave are harmless', async () => {
  const stage = await logged('command');
  stage.write(`${call(1)}${call(2)}`);
  expect((await pages(stage, { from: 3 })).flatMap(texts)).toEqual(['Bash ls 2']);
  expect((await pages(stage, { from: call(1).length })).flatMap(texts)).toEqual(['Bash ls 2']);
  // A log that was begun anew is shorter than what was read of it.
  expect((await pages(stage, { from: 1_000_000 })).flatMap(texts)).toEqual(['Bash ls 1', 'Bash ls 2']);
});

test('B8 a log that is begun anew while it is read loses no entry', async () => {
  const stage = await logged('command');
  for (let number = 0; number < 30; number += 1) stage.write(call(number));
  const first = await readTranscript(stage.context, { token: stage.token, from: 0, limit: 12, kinds: null });
  stage.anew();
  stage.write(call(30));
  const rest = await pages(stage, { from: first.next });
  expect([...texts(first), ...rest.flatMap(texts)]).toEqual(
    Array.from({ length: 31 }, (_, number) => `Bash ls ${number}`),
  );
});

test('B8 the readable logs are read by the same pages', async () => {
  const { context, token, write } = await logged('command');
  const order = { token, log: 'output' as const };
  expect(await readLogText(context, { ...order, from: 0, limit: 5 })).toEqual({
    token,
    live: true,
    next: 0,
    more: false,
    text: '',
  });
  for (let number = 0; number < 7; number += 1) write(`line ${number} ü\n`, 'output.log');
  write('not ended', 'output.log');
  const first = await readLogText(context, { ...order, from: 0, limit: 5 });
  expect(first).toMatchObject({ more: true, text: 'line 0 ü\nline 1 ü\nline 2 ü\nline 3 ü\nline 4 ü\n' });
  const second = await readLogText(context, { ...order, from: first.next, limit: 5 });
  expect(second).toMatchObject({ more: false, text: 'line 5 ü\nline 6 ü\n' });
  expect((await readLogText(context, { ...order, from: -1, limit: 1 })).text).toBe('line 6 ü\n');
  write('2026 saw it\n', 'monitor.log');
  expect((await readLogText(context, { token, log: 'monitor', from: 0, limit: 5 })).text).toBe('2026 saw it\n');
});

test('B8 an attempt without logs has an empty transcript, an unknown one none', async () => {
  const { context, load, claim } = await projectStage();
  await load(['T1']);
  const token = await claim('T1');
  const page = await readTranscript(context, { token, from: -1, limit: 5, kinds: null });
  expect(page).toEqual({ token, next: 0, more: false, live: true, entries: [] });
  await expect(readTranscript(context, { token: 9, from: 0, limit: 5, kinds: null })).rejects.toThrow('no attempt 9');
});
