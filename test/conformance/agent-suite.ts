/**
 * What every agent adapter must do, run on real processes. The agent's part is played by a script (docs/scripted-agent.md),
 * so a subject says only which settings make its adapter run one.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AgentCapabilities } from '../../src/agent/agent.ts';
import { limits } from '../../src/core/limits.ts';
import { lookAtProcess } from '../../src/platform/process.ts';
import {
  begin,
  beginWith,
  environmentOf,
  envLines,
  escapedBy,
  folder,
  lookOf,
  memory,
  writeScript,
  type AgentSubject,
} from './agent-subject.ts';

const MIB = 1024 * 1024;

/** Defines the tests for one adapter. */
export function agentSuite(subject: AgentSubject): void {
  const capabilities = subject.adapter.capabilities(subject.playing('/script.json'));
  streamTests(subject);
  startTests(subject);
  outputTests(subject);
  endTests(subject);
  talkTests(subject, capabilities);
  if (capabilities.hint === 'now') errorTests(subject);
}

/** What comes out of the stream, and in which order. */
function streamTests(subject: AgentSubject): void {
  test(`P10 P13 the stream ends with exactly one end, after the process is gone (${subject.name})`, async () => {
    const run = await begin(subject, [
      { do: 'say', text: 'one' },
      { do: 'exit', exitCode: 7 },
    ]);
    expect(run.session.process).not.toBeNull();
    const events = await run.rest();
    expect(events.filter(({ type }) => type === 'end')).toEqual([{ type: 'end', exitCode: 7, signal: null }]);
    expect(events.at(-1)?.type).toBe('end');
    expect(lookOf(run)).toBe('gone');
  });

  test(`P10 an end by a signal is told as such (${subject.name})`, async () => {
    const run = await begin(subject, [{ do: 'crash', signal: 'SIGKILL' }]);
    expect((await run.rest()).at(-1)).toEqual({ type: 'end', exitCode: null, signal: 'SIGKILL' });
  });

  test(`B8 every line is handed over raw before it is an event, in order (${subject.name})`, async () => {
    const run = await begin(subject, [
      { do: 'say', text: 'alpha' },
      { do: 'flood', lines: 50, stream: 'error' },
      { do: 'say', text: 'omega' },
    ]);
    for await (const event of run.session.events) {
      if (event.type !== 'message') continue;
      expect(run.raw.some((line) => line.stream !== 'in' && line.text.includes(event.text))).toBe(true);
    }
    const out = run.raw.filter((line) => line.stream === 'out').map((line) => line.text);
    expect(out.findIndex((text) => text.includes('alpha'))).toBeLessThan(
      out.findIndex((text) => text.includes('omega')),
    );
    const errors = run.raw.filter((line) => line.stream === 'error').map((line) => line.text);
    expect(errors).toEqual(Array.from({ length: 50 }, (_none, index) => `flood ${index + 1}`));
  });

  test(`P10 the program runs in the workspace (${subject.name})`, async () => {
    const run = await begin(subject, [{ do: 'write', path: 'made-by-{task}', text: 'x' }]);
    await run.rest();
    expect(existsSync(join(run.directory, 'workspace', 'made-by-T001'))).toBe(true);
  });
}

/** What can be known before an agent runs, and what it gets. */
function startTests(subject: AgentSubject): void {
  test(`P10 an agent that cannot start says which path was tried, and its stream ends (${subject.name})`, async () => {
    const directory = folder();
    const cases = subject.unstartable(directory);
    expect(cases.length).toBeGreaterThan(0);
    for (const { settings, says } of cases) {
      expect(await subject.adapter.fault(settings, directory)).toMatch(says);
      const run = await beginWith(subject, { settings, directory });
      const events = await run.rest();
      const told = events.filter((event) => event.type === 'error' || event.type === 'message').map(({ text }) => text);
      expect(told.join('\n')).toMatch(says);
      expect(events.at(-1)?.type).toBe('end');
      await run.session.stop(0);
    }
  });

  test(`P10 an agent that can start has no fault (${subject.name})`, async () => {
    const directory = folder();
    const script = writeScript(directory, []);
    expect(await subject.adapter.fault(subject.playing(script), directory)).toBeNull();
  });

  test(`P10 a program that never reads its prompt is no failure (${subject.name})`, async () => {
    const run = await begin(subject, [{ do: 'exit' }], 'x'.repeat(8 * MIB));
    const events = await run.rest();
    expect(events.filter(({ type }) => type === 'error')).toEqual([]);
    expect(events.at(-1)).toEqual({ type: 'end', exitCode: 0, signal: null });
  });

  test(`I19 the agent has the environment it was given and nothing else (${subject.name})`, async () => {
    process.env['ORBIT_CANARY'] = 'canary-value';
    onTestFinished(() => {
      delete process.env['ORBIT_CANARY'];
    });
    const run = await begin(subject, [{ do: 'run', command: ['/usr/bin/env'] }]);
    await run.rest();
    const lines = run.raw.flatMap((line) => envLines(line));
    const names = new Set(lines.map((line) => line.split('=')[0]));
    expect(names).toEqual(new Set([...Object.keys(environmentOf(run.directory)), 'ORBIT_PROMPT']));
    expect(lines).toContain(`ORBIT_PROMPT=${join(run.directory, 'prompt.md')}`);
    expect(JSON.stringify(run.raw)).not.toContain('canary-value');
  });
}

/** Output that is too much, too fast or broken. */
function outputTests(subject: AgentSubject): void {
  test(`I20 200 MB without a newline stay within 64 MiB (${subject.name})`, async () => {
    const run = await begin(subject, [{ do: 'flood', bytes: 200 * MIB, newline: false }]);
    const before = memory();
    let most = 0;
    const sampling = setInterval(() => {
      most = Math.max(most, memory() - before);
    }, 20);
    const events = await run.rest();
    clearInterval(sampling);
    expect(events.at(-1)).toEqual({ type: 'end', exitCode: 0, signal: null });
    const flood = run.raw.find((line) => line.droppedBytes > 0);
    expect((flood?.text.length ?? 0) + (flood?.droppedBytes ?? 0)).toBe(200 * MIB);
    expect(most).toBeLessThan(64 * MIB);
  });

  test(`I20 a slow reader gets every line, and the agent is held back meanwhile (${subject.name})`, async () => {
    const run = await begin(subject, [{ do: 'flood', bytes: 64 * MIB }]);
    let [printed, count, mostWaiting] = [0, 0, 0];
    for await (const event of run.session.events) {
      if (event.type === 'message' && event.text.startsWith('xxx')) count += 1;
      printed += run.raw.length;
      run.raw.length = 0;
      mostWaiting = Math.max(mostWaiting, printed - count);
      if (count % 2_000 === 0) await new Promise(setImmediate);
    }
    expect(count).toBe((64 * MIB) / 128);
    // What was read but not yet taken: as much as the queue allows, and one chunk of each pipe.
    expect(mostWaiting * 128).toBeLessThan(limits.waitingEventsBytesMax + 2 * 64 * 1024);
  });

  test(`I20 broken UTF-8, broken JSON, deep JSON and NUL are survived (${subject.name})`, async () => {
    const run = await begin(subject, [{ do: 'garbage' }, { do: 'say', text: 'still here' }]);
    const events = await run.rest();
    expect(events.at(-1)).toEqual({ type: 'end', exitCode: 0, signal: null });
    expect(events.some((event) => event.type === 'message' && event.text.includes('still here'))).toBe(true);
    expect(events.filter(({ type }) => type === 'end')).toHaveLength(1);
    expect(events.flatMap((event) => Object.values(event)).some((value) => String(value).includes('\0'))).toBe(false);
    expect(run.raw.every((line) => !line.text.includes('\0') && line.text.isWellFormed())).toBe(true);
  });
}

/** Nothing stays behind. */
function endTests(subject: AgentSubject): void {
  test(`I15 stop ends the whole tree: one that ignores SIGTERM, one that left the session (${subject.name})`, async () => {
    const run = await begin(subject, [
      { do: 'escape' },
      { do: 'say', text: 'hanging' },
      { do: 'hang', ignoreTerm: true },
    ]);
    const escaped = await escapedBy(run);
    await run.until((event) => event.type === 'message' && event.text.includes('hanging'));
    expect([lookOf(run), lookAtProcess(escaped)]).toEqual(['alive', 'alive']);
    await run.session.stop(50);
    expect([lookOf(run), lookAtProcess(escaped)]).toEqual(['gone', 'gone']);
    expect((await run.rest()).at(-1)).toMatchObject({ type: 'end', exitCode: null });
  });

  test(`I15 what an ended agent left behind holds up no end, and stop ends it, too (${subject.name})`, async () => {
    const run = await begin(subject, [{ do: 'escape', holdOutput: true }, { do: 'exit' }]);
    const escaped = await escapedBy(run);
    expect((await run.rest()).at(-1)).toEqual({ type: 'end', exitCode: 0, signal: null });
    expect(lookAtProcess(escaped)).toBe('alive');
    await run.session.stop(1_000);
    expect(lookAtProcess(escaped)).toBe('gone');
    await run.session.stop(0);
  });

  test(`I15 a reader that leaves holds up neither agent nor stop (${subject.name})`, async () => {
    const run = await begin(subject, [
      { do: 'flood', bytes: 32 * MIB },
      { do: 'write', path: 'after', text: '' },
      { do: 'hang' },
    ]);
    for await (const event of run.session.events) if (event.type === 'message') break;
    await expect.poll(() => existsSync(join(run.directory, 'workspace', 'after')), { timeout: 30_000 }).toBe(true);
    await run.session.stop(1_000);
    expect(lookOf(run)).toBe('gone');
  });
}

/** What is said to a running agent. */
function talkTests(subject: AgentSubject, capabilities: AgentCapabilities): void {
  const speaks = capabilities.hint === 'now';

  test(`P10 a hint reaches the running agent, or is refused (${subject.name})`, async () => {
    const run = await begin(subject, [
      { do: 'say', text: 'listening' },
      { do: 'wait-for-hint', contains: 'left' },
    ]);
    await run.until((event) => event.type === 'message' && event.text.includes('listening'));
    expect(await run.session.hint('turn\nleft')).toBe(capabilities.hint);
    const events = await run.rest();
    const heard = events.some((event) => event.type === 'message' && event.text === 'hint: turn\nleft');
    expect(heard).toBe(speaks);
    expect(await run.session.hint('too late')).toBe('unsupported');
    expect(run.raw.some((line) => line.stream === 'in' && line.text.includes('turn'))).toBe(speaks);
  });

  test(`P10 an interrupt ends the turn, or is refused (${subject.name})`, async () => {
    const steps = speaks ? [{ do: 'sleep', ms: 3_600_000 }] : [];
    const run = await begin(subject, [{ do: 'say', text: 'asleep' }, ...steps, { do: 'say', text: 'awake' }]);
    await run.until((event) => event.type === 'message' && event.text.includes('asleep'));
    expect(await run.session.interrupt()).toBe(capabilities.interrupt);
    const events = await run.rest();
    expect(events.some((event) => event.type === 'message' && event.text.includes('awake'))).toBe(true);
  });
}

/** Only agents that speak Orbit's vocabulary tell errors. */
function errorTests(subject: AgentSubject): void {
  test(`C7 errors come with class, weight and waiting time, each one (${subject.name})`, async () => {
    const error = { class: 'quota', text: '429', retryAfterMs: 60_000, critical: false };
    const run = await begin(subject, [{ do: 'loop', times: 3, steps: [{ do: 'error', ...error }] }]);
    const errors = (await run.rest()).filter(({ type }) => type === 'error');
    expect(errors).toEqual(Array.from({ length: 3 }, () => ({ type: 'error', ...error })));
  });
}
