/**
 * Records streams of a real agent's program against the scripted model, as fixtures of test/conformance/agent-recorded.test.ts:
 * `node test/agents/record.ts claude [case …]`. What the readers make of them is written by that test, see there.
 */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { AgentEvent, AgentSession, AgentSettings } from '../../src/agent/agent.ts';
import { adapterOf } from '../../src/compose.ts';
import { writeRecording, type RecordedLine } from '../support/recorded.ts';
import { cacheDirectory, clis, programOf } from './clis.ts';
import type { Scenario } from './model-server/scenario.ts';
import { startModelServer } from './model-server/server.ts';

interface Case {
  /** Marker without brackets. */
  scenario: string;
  /** Turns after which the session is stopped. */
  turns?: number;
  /** What is done when an event comes; each at most once. */
  on?: (event: AgentEvent, session: AgentSession, seen: readonly AgentEvent[]) => void;
  /** Only for these adapters; others have nothing of the kind. */
  only?: readonly string[];
}

const hint = 'Mind this: ORBIT-HINT';

const scenarios: Readonly<Record<string, Scenario>> = {
  fails: {
    steps: [
      { do: 'shell', command: 'echo out; echo wrong >&2; exit 3' },
      { do: 'shell', command: 'cat no-such-file' },
      { do: 'say', text: 'It fails.' },
    ],
  },
  thinks: {
    steps: [
      { do: 'shell', command: 'ls', thought: 'First I look around.', say: 'I look around.' },
      { do: 'say', text: 'Nothing to see.' },
    ],
  },
  endless: { steps: [{ do: 'shell', command: 'tail -f /dev/null' }] },
  'todo-claude': {
    steps: [todoStep('pending', 'pending'), todoStep('completed', 'in_progress'), { do: 'say', text: 'One is done.' }],
  },
};

const cases: Readonly<Record<string, Case>> = {
  happy: { scenario: 'write file=hello.txt' },
  fails: { scenario: 'fails' },
  thinks: { scenario: 'thinks' },
  todo: { scenario: 'todo-claude', only: ['claude'] },
  hint: {
    scenario: 'hint s=3',
    on: (event, session, seen) => {
      if (event.type === 'tool-call' && count(seen, 'tool-call') === 1) void session.hint(hint);
    },
  },
  interrupt: {
    scenario: 'slow',
    turns: 2,
    on: (event, session, seen) => {
      if (count(seen, 'session') === 1 && event.type === 'session') setTimeout(() => void session.interrupt(), 4_000);
      if (event.type === 'turn-end' && count(seen, 'turn-end') === 1) void session.hint(hint);
    },
  },
  'interrupt-tool': {
    scenario: 'endless',
    on: (event, session) => {
      if (event.type === 'tool-call') setTimeout(() => void session.interrupt(), 1_500);
    },
  },
  retry: { scenario: 'overloaded-twice' },
  overloaded: { scenario: 'overloaded' },
  login: { scenario: 'login' },
  context: { scenario: 'context' },
  quota: {
    scenario: 'limit-reset',
    on: (event, session) => {
      if (event.type === 'error' && event.class === 'quota') void session.stop(4_000);
    },
  },
  'quota-short': { scenario: 'limit-short' },
};

/** Variables with which a program uses the scripted model. */
const environments: Readonly<Record<string, (base: string) => Record<string, string>>> = {
  claude: (base) => ({ ANTHROPIC_BASE_URL: base, ANTHROPIC_API_KEY: 'scripted-model-key-0123456789' }),
  codex: (base) => ({ OPENAI_BASE_URL: `${base}/v1`, OPENAI_API_KEY: 'scripted-model-key-0123456789' }),
  // Without a model of its own it asks a first one which to use.
  gemini: (base) => ({
    GOOGLE_GEMINI_BASE_URL: base,
    GEMINI_API_KEY: 'scripted-model-key-0123456789',
    GEMINI_MODEL: 'gemini-2.5-flash',
  }),
  copilot: (base) => ({
    COPILOT_PROVIDER_BASE_URL: `${base}/v1`,
    COPILOT_PROVIDER_API_KEY: 'scripted-model-key-0123456789',
    COPILOT_MODEL: 'scripted-model',
  }),
  qwen: (base) => ({
    OPENAI_BASE_URL: `${base}/v1`,
    OPENAI_API_KEY: 'scripted-model-key-0123456789',
    OPENAI_MODEL: 'scripted-model',
  }),
};

const patienceMs = 200_000;

const [adapterName = '', ...wanted] = process.argv.slice(2);
const cli = clis.find(({ name }) => name === adapterName);
const environment = environments[adapterName];
if (cli === undefined || environment === undefined)
  throw new Error(`no agent ${JSON.stringify(adapterName)} to record`);
for (const [name, one] of Object.entries(cases)) {
  if (wanted.length > 0 ? !wanted.includes(name) : one.only?.includes(adapterName) === false) continue;
  await record(name, one, { command: [programOf(cli)], environmentOf: environment });
}

async function record(
  name: string,
  one: Case,
  { command, environmentOf }: { command: readonly string[]; environmentOf: (base: string) => Record<string, string> },
): Promise<void> {
  const server = await startModelServer({ scenarios });
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'orbit-record-')));
  const place = Object.fromEntries(
    ['workspace', 'home', 'temporary', 'user', 'bin'].map((part) => [part, join(top, part)]),
  );
  for (const folder of Object.values(place)) mkdirSync(folder);
  writeFileSync(join(place['bin'] ?? '', 'orbit'), '#!/bin/sh\necho "$*"\n');
  chmodSync(join(place['bin'] ?? '', 'orbit'), 0o755);
  execFileSync('git', ['init', '-q', place['workspace'] ?? '']);
  const lines: RecordedLine[] = [];
  const settings: AgentSettings = { adapter: adapterName, slots: 1, command };
  const promptFile = join(top, 'prompt.md');
  const prompt = `Play a part. [scenario:${one.scenario}]`;
  writeFileSync(promptFile, prompt);
  const session = await (
    await adapterOf(adapterName)
  ).start({
    workspace: place['workspace'] ?? '',
    directory: top,
    prompt,
    promptFile,
    environment: environmentFor(place, environmentOf(server.url('run'))),
    settings,
    model: null,
    thinking: null,
    mcp: null,
    directories: { home: place['home'] ?? '', temporary: place['temporary'] ?? '', userHome: place['user'] ?? '' },
    resume: null,
    onRaw: ({ stream, text, droppedBytes }) =>
      void lines.push(droppedBytes > 0 ? { stream, raw: text, droppedBytes } : { stream, raw: text }),
  });
  const late = setTimeout(() => void session.stop(2_000), patienceMs);
  const seen: AgentEvent[] = [];
  for await (const event of session.events) {
    seen.push(event);
    one.on?.(event, session, seen);
    if (event.type === 'turn-end' && count(seen, 'turn-end') === (one.turns ?? 1)) void session.stop(4_000);
  }
  clearTimeout(late);
  await session.stop(1_000);
  await server.close();
  rmSync(top, { recursive: true, force: true });
  writeRecording({ adapter: adapterName, name }, lines, placesOf(place, server.url()));
  process.stdout.write(`${adapterName}/${name}: ${lines.length} lines, ${seen.map(({ type }) => type).join(' ')}\n`);
}

function environmentFor(place: Readonly<Record<string, string>>, own: Record<string, string>): Record<string, string> {
  const identity = { GIT_AUTHOR_NAME: 'A', GIT_AUTHOR_EMAIL: 'a@b.invalid' };
  return {
    PATH: `${place['bin']}:${process.env['PATH']}`,
    HOME: place['home'] ?? '',
    TMPDIR: place['temporary'] ?? '',
    TERM: 'dumb',
    LANG: 'C.UTF-8',
    ORBIT_TASK: 'T001',
    ...identity,
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@b.invalid',
    ...own,
  };
}

/** Paths of this machine and what stands for them, also in the form in which programs make folder names of them. */
function placesOf(place: Readonly<Record<string, string>>, server: string): Record<string, string> {
  const names = Object.entries({ workspace: '/project/workspace', home: '/home/agent', temporary: '/tmp/agent' });
  const paths = names.flatMap(([part, name]) => {
    const path = place[part] ?? '';
    return [[path, name] as const, [path.replaceAll('/', '-'), name.replaceAll('/', '-')] as const];
  });
  return { ...Object.fromEntries(paths), [cacheDirectory()]: '/opt/agents', [new URL(server).host]: '127.0.0.1:8801' };
}

function count(events: readonly AgentEvent[], type: AgentEvent['type']): number {
  return events.filter((event) => event.type === type).length;
}

function todoStep(...states: string[]): Scenario['steps'][number] {
  const todos = states.map((status, index) => ({ content: `part ${index + 1}`, status, activeForm: 'working' }));
  return { do: 'tool', name: 'TodoWrite', input: { todos } };
}
