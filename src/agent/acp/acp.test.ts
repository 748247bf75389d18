import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, onTestFinished, test, vi } from 'vitest';
import { limits } from '../../core/limits.ts';
import { lookAtProcess } from '../../platform/process.ts';
import type { AgentEvent, AgentOrder, AgentSession, RawLine } from '../agent.ts';
import { acpAdapter } from './acp.ts';

const agent = fileURLToPath(new URL('../../../test/support/acp-agent.ts', import.meta.url));

/** The task of these tests, told again. */
const again = 'Your turn was ended. Your task, in case it is lost:\n\nDo it.';

interface Run {
  session: AgentSession;
  raw: RawLine[];
  /** Reads on to the next event that `wanted` accepts, and answers all that were read. */
  until(wanted: (event: AgentEvent) => boolean): Promise<AgentEvent[]>;
}

async function begin(part: string, more: Partial<AgentOrder> = {}, name = 'tiny-agent'): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-acp-'));
  mkdirSync(join(directory, 'home'));
  const raw: RawLine[] = [];
  const session = await acpAdapter('acp').start({
    workspace: directory,
    directory,
    prompt: 'Do it.',
    promptFile: join(directory, 'prompt.md'),
    environment: { PATH: process.env['PATH'] ?? '', HOME: join(directory, 'home') },
    settings: { adapter: 'acp', slots: 1, command: [process.execPath, agent, part, name] },
    resume: null,
    model: null,
    thinking: null,
    mcp: null,
    directories: { home: join(directory, 'home'), temporary: directory, userHome: directory },
    onRaw: (line) => raw.push(line),
    ...more,
  });
  onTestFinished(async () => {
    await session.stop(0);
    rmSync(directory, { recursive: true, force: true });
  });
  const events = session.events[Symbol.asyncIterator]();
  const until: Run['until'] = async (wanted) => {
    const seen: AgentEvent[] = [];
    for (let next = await events.next(); next.done !== true; next = await events.next()) {
      seen.push(next.value);
      if (wanted(next.value)) return seen;
    }
    throw new Error(`the stream ended before the event: ${JSON.stringify(seen)} ${JSON.stringify(raw.slice(-5))}`);
  };
  return { session, raw, until };
}

const isTurnEnd = (event: AgentEvent): boolean => event.type === 'turn-end';
const isEnd = (event: AgentEvent): boolean => event.type === 'end';
const says =
  (text: string) =>
  (event: AgentEvent): boolean =>
    event.type === 'message' && event.text.includes(text);
const said = (events: readonly AgentEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'message' ? [event.text] : []));

afterEach(() => vi.useRealTimers());

test('D11 P10 a hint goes into the running turn where the agent announces steering, and its answer is the receipt', async () => {
  const run = await begin('steers');
  await run.until(says('at work'));
  expect(await run.session.hint('look left')).toBe('now');
  const events = await run.until(isTurnEnd);
  expect(said(events)).toEqual(['steered by look left']);
  expect(events).toContainEqual({ type: 'hint-seen', text: 'look left' });
  expect(events.at(-1)).toMatchObject({ reason: 'completed' });
});

test('D11 P10 a hint to an agent that nothing is known of waits for the end of its turn, and starts the next', async () => {
  const run = await begin('plain');
  await run.until(says('at work'));
  expect(await run.session.hint('go on')).toBe('next-turn');
  expect(await run.session.interrupt()).toBe(true);
  const events = await run.until(isTurnEnd);
  expect(said(events)).toEqual([`got: ${again}go on`]);
  expect(events).toContainEqual({ type: 'hint-seen', text: 'go on' });
  expect(events.at(-1)).toMatchObject({ reason: 'completed' });
  expect(await run.session.hint('go on again')).toBe('now');
  expect(said(await run.until(isTurnEnd))).toEqual(['got: go on again']);
});

test('P10 where a second prompt joins the running turn, the early answer to the first is no turn end', async () => {
  const run = await begin('joins', {}, 'opencode');
  await run.until(says('at work'));
  expect(await run.session.hint('hurry')).toBe('now');
  const events = await run.until(isTurnEnd);
  expect(said(events)).toEqual(['joined by hurry']);
  await run.session.stop(0);
  expect((await run.until(isEnd)).filter(isTurnEnd)).toEqual([]);
});

test('P10 an interrupt ends the turn and keeps the session', async () => {
  const run = await begin('plain');
  await run.until(says('at work'));
  expect(await run.session.interrupt()).toBe(true);
  expect((await run.until(isTurnEnd)).at(-1)).toMatchObject({ reason: 'interrupted' });
  expect(await run.session.hint('go on')).toBe('now');
  expect(said(await run.until(isTurnEnd))).toEqual([`got: ${again}go on`]);
});

test('P5 P10 after a turn that was ended, an agent that may have forgotten its task is told it once, others are not', async () => {
  for (const [name, before] of [
    ['gemini-cli', again],
    ['copilot', ''],
  ] as const) {
    const run = await begin('plain', {}, name);
    await run.until(says('at work'));
    expect(await run.session.hint('go on')).toBe('next-turn');
    await run.session.interrupt();
    expect(said(await run.until(isTurnEnd))).toEqual([`got: ${before}go on`]);
    await run.session.hint('go on again');
    expect(said(await run.until(isTurnEnd))).toEqual(['got: go on again']);
  }
});

test('P10 what a resumed session tells of its past is no news', async () => {
  const run = await begin('plain', { resume: 's0', prompt: 'go on' });
  const events = await run.until(isTurnEnd);
  expect(events[0]).toMatchObject({ type: 'session', id: 's0', version: '9.9.9' });
  expect(said(events)).toEqual(['got: go on']);
  expect(events.filter(({ type }) => type === 'tool-call')).toEqual([]);
});

test('P10 an agent that cannot go on with a session begins a new one and says so', async () => {
  for (const part of ['forgets', 'no-load']) {
    const run = await begin(part, { resume: 's0', prompt: 'go on' });
    const events = await run.until(isTurnEnd);
    expect(events).toContainEqual(expect.objectContaining({ type: 'session', id: 's1' }));
    expect(said(events).join('\n')).toMatch(/s0 cannot be gone on with; a new one begins/);
  }
});

test('P10 leave is given by kind, files and terminals are not lent, the mode is set where the agent needs one', async () => {
  const run = await begin('asks', {}, 'codex-acp');
  const words = said(await run.until(isTurnEnd)).join('\n');
  expect(words).toContain('mode agent-full-access');
  expect(words).toContain('{"outcome":{"outcome":"selected","optionId":"once"}}');
  expect(words).toContain('-32601');
});

test('I20 long lines, foreign answers, broken JSON and odd requests harm neither session nor turn', async () => {
  const run = await begin('hostile');
  const events = await run.until(isTurnEnd);
  expect(said(events)).toContain('still here');
  expect(events.at(-1)).toMatchObject({ reason: 'completed' });
  expect(run.raw.find(({ droppedBytes }) => droppedBytes > 0)?.droppedBytes).toBe(3_000_000 - limits.lineBytesMax);
});

test('P10 a turn without one answer of a model is no success', async () => {
  const run = await begin('empty');
  const events = await run.until(isTurnEnd);
  expect(events.at(-2)).toMatchObject({ type: 'error', critical: true });
  expect(events.at(-1)).toMatchObject({ reason: 'failed' });
});

test('P10 an agent that is not logged in, or speaks another version, is told as an error that is final', async () => {
  const cases = [
    ['no-login', { class: 'login', critical: true }],
    ['other-version', { class: 'agent', critical: true, text: 'initialize failed: it speaks version 2 of ACP, not 1' }],
  ] as const;
  for (const [part, error] of cases) {
    const run = await begin(part);
    const events = await run.until(isTurnEnd);
    expect(events.at(-2)).toMatchObject({ type: 'error', ...error });
    expect(events.at(-1)).toMatchObject({ reason: 'failed' });
    expect(await run.session.hint('hello?')).toBe('unsupported');
  }
});

test('P10 an agent that never answers the introduction is an error after the time limit, not a hang', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const run = await begin('silent');
  await vi.waitUntil(() => run.raw.some(({ stream, text }) => stream === 'in' && text.includes('"initialize"')));
  await vi.advanceTimersByTimeAsync(limits.acpAnswerMs);
  vi.useRealTimers();
  const events = await run.until(isTurnEnd);
  expect(events.at(-2)).toMatchObject({ type: 'error', text: expect.stringMatching(/^initialize failed: no answer/) });
});

test('P10 I15 an agent that dies or is stopped ends its stream, and says nothing more', async () => {
  const dying = await begin('dies');
  expect((await dying.until(isEnd)).at(-1)).toEqual({ type: 'end', exitCode: 3, signal: null });
  expect(await dying.session.hint('hello?')).toBe('unsupported');
  const run = await begin('plain');
  await run.until(says('at work'));
  await run.session.stop(1_000);
  await run.until(isEnd);
  expect(run.session.process === null ? 'none' : lookAtProcess(run.session.process)).toBe('gone');
  expect(await run.session.interrupt()).toBe(false);
});

test('P10 a program that is not there, or cannot be used, is a fault that says what to do', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-acp-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const settings = (command?: string[]): AgentOrder['settings'] => ({
    adapter: 'gemini',
    slots: 1,
    ...(command === undefined ? {} : { command }),
  });
  expect(await acpAdapter('acp').fault(settings(), directory)).toMatch(/"command"/);
  expect(await acpAdapter('gemini').fault(settings(['./none']), directory)).toMatch(/none does not exist/);
  writeFileSync(join(directory, 'old'), '#!/bin/sh\necho usage: --model --yolo\n', { mode: 0o755 });
  expect(await acpAdapter('gemini').fault(settings(['./old']), directory)).toMatch(/does not know --acp.*npm install/);
  writeFileSync(join(directory, 'new'), '#!/usr/bin/env node\nconsole.log("  --acp  speaks ACP\\n 1.2.3")\n', {
    mode: 0o755,
  });
  expect(await acpAdapter('gemini').fault(settings(['./new']), directory)).toBeNull();
  expect(await acpAdapter('gemini').version(settings(['./new']), directory)).toBe('1.2.3');
});
