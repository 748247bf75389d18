/** One agent under the suite of adapters: how it is made to play a script, and what a test sees of it. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { onTestFinished } from 'vitest';
import type { AgentAdapter, AgentEvent, AgentSession, AgentSettings, RawLine } from '../../src/agent/agent.ts';
import type { ProcessIdentity } from '../../src/core/attempt.ts';
import { lookAtProcess, processIdentity } from '../../src/platform/process.ts';

export interface AgentSubject {
  name: string;
  adapter: AgentAdapter;
  /** Settings with which the adapter's agent plays this script. */
  playing(scriptFile: string): AgentSettings;
  /** Settings that cannot work, and what has to be said about them. `directory` is the project's top. */
  unstartable(directory: string): readonly { settings: AgentSettings; says: RegExp }[];
}

export interface Run {
  session: AgentSession;
  raw: RawLine[];
  directory: string;
  /** Reads on to the next event that `wanted` accepts. */
  until(wanted: (event: AgentEvent) => boolean): Promise<AgentEvent>;
  /** Reads the rest. */
  rest(): Promise<AgentEvent[]>;
}

export type Steps = readonly Readonly<Record<string, unknown>>[];

const collect = collectorOf();

export async function begin(subject: AgentSubject, steps: Steps, prompt = 'Do it.'): Promise<Run> {
  const directory = folder();
  return beginWith(subject, { settings: subject.playing(writeScript(directory, steps)), directory, prompt });
}

export async function beginWith(
  subject: AgentSubject,
  order: { settings: AgentSettings; directory: string; prompt?: string },
): Promise<Run> {
  const { directory, settings, prompt = 'Do it.' } = order;
  const raw: RawLine[] = [];
  const promptFile = join(directory, 'prompt.md');
  writeFileSync(promptFile, prompt);
  const session = await subject.adapter.start({
    workspace: join(directory, 'workspace'),
    directory,
    prompt,
    promptFile,
    environment: environmentOf(directory),
    settings,
    resume: null,
    model: null,
    thinking: null,
    mcp: null,
    directories: { home: directory, temporary: directory, userHome: directory },
    onRaw: (line) => raw.push(line),
  });
  onTestFinished(async () => session.stop(0));
  const events = session.events[Symbol.asyncIterator]();
  const rest = async (): Promise<AgentEvent[]> => {
    const seen: AgentEvent[] = [];
    for (let next = await events.next(); next.done !== true; next = await events.next()) seen.push(next.value);
    return seen;
  };
  const until = async (wanted: (event: AgentEvent) => boolean): Promise<AgentEvent> => {
    for (let next = await events.next(); next.done !== true; next = await events.next())
      if (wanted(next.value)) return next.value;
    throw new Error(`the stream ended before the event; raw: ${JSON.stringify(raw.slice(-5))}`);
  };
  return { session, raw, directory, until, rest };
}

export function environmentOf(directory: string): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: directory,
    ORBIT_PROJECT: directory,
    ORBIT_PLAN: '001',
    ORBIT_TASK: 'T001',
    ORBIT_TOKEN: '3',
  };
}

/** A project's top with a workspace in it. */
export function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-agent-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  mkdirSync(join(directory, 'workspace'));
  return directory;
}

export function writeScript(directory: string, steps: Steps): string {
  const file = join(directory, 'script.json');
  writeFileSync(file, JSON.stringify({ default: [steps] }));
  return file;
}

export function lookOf({ session }: Run): string {
  return session.process === null ? 'none' : lookAtProcess(session.process);
}

/** The process that the script's `escape` step left behind. */
export async function escapedBy(run: Run): Promise<ProcessIdentity> {
  const pid = (event: AgentEvent): number =>
    event.type === 'message' ? Number(/escaped: (\d+)/.exec(event.text)?.[1]) : 0;
  const identity = processIdentity(pid(await run.until((event) => pid(event) > 0)));
  if (identity === null) throw new Error('the escaped process is not there');
  return identity;
}

/** What `env` printed, from the raw line of its tool result. */
export function envLines(line: RawLine): string[] {
  if (line.stream !== 'out' || !line.text.includes('"tool-result"')) return [];
  const { text } = JSON.parse(line.text) as { text: string };
  return text.split('\n').filter((entry) => entry !== '');
}

/** What is held when output piles up; pieces that only wait for the collector are no leak. */
export function memory(): number {
  collect();
  const { arrayBuffers, heapUsed } = process.memoryUsage();
  return arrayBuffers + heapUsed;
}

function collectorOf(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('gc') as () => void;
}
