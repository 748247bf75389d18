/** `orbit agents check` with the real programs: each is measured, and what is in the way of it has the right word. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeProject } from '../support/e2e.ts';
import { processesNear } from './agent-run.ts';
import type { Scenario } from './model-server/scenario.ts';
import { startModelServer } from './model-server/server.ts';
import { claude, codex, copilot, gemini, opencode, qwen, type Subject } from './subject.ts';

/** What a model does that can do it all; the word and the command are those of the probe's task. */
const answer = {
  do: 'shell',
  command:
    'tr a-z A-Z < word.txt > answer.txt; git hash-object word.txt >> answer.txt; git add answer.txt && git commit -q -m Answer && cat answer.txt',
} as const;

const scenarios: Readonly<Record<string, Scenario>> = {
  able: {
    steps: [
      answer,
      { do: 'mcp', tool: 'progress', input: { doing: 'reporting' } },
      { do: 'mcp', tool: 'complete', input: {} },
      { do: 'say', text: 'Done.' },
    ],
  },
  'able-by-command': {
    steps: [answer, { do: 'shell', command: 'orbit complete "$ORBIT_TASK"' }, { do: 'say', text: 'Done.' }],
  },
  'able-without-word': { steps: [answer, { do: 'say', text: 'All is done.' }] },
  idle: { steps: [{ do: 'say', text: 'I have done all that you asked for.' }] },
  stranger: { steps: [{ do: 'error', status: 401 }] },
  modelless: {
    steps: [{ do: 'error', status: 404, text: 'model: no-such-model not found', extra: { code: 'model_not_found' } }],
  },
};

interface Told {
  agents: [Record<string, unknown> & { reason: string }];
}

/** Checks the agent in a project of its own, whose model plays the scenario whatever it is asked. */
async function checked(subject: Subject, scenario: string): Promise<{ code: number | null; told: Told['agents'][0] }> {
  const server = await startModelServer({ scenarios, fallback: scenario });
  onTestFinished(async () => server.close());
  const base = server.url(subject.name);
  const agents = { [subject.name]: { adapter: subject.name, ...subject.settings } };
  const project = await makeProject({ environment: subject.environment(base), settings: { agents } });
  for (const [path, text] of Object.entries(subject.home(base))) {
    const file = join(project.environment['HOME'] ?? '', path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const { code, json, stderr } = await project.orbit('agents', 'check', '--timeout-s', '120', '--json');
  expect(stderr).toBe('');
  await expect.poll(() => processesNear(project), { timeout: 20_000, interval: 200 }).toEqual([]);
  return { code, told: (json as Told).agents[0] };
}

/** Its list of tools holds others back, so that a script cannot call them. */
const withoutTools = new Set(['qwen']);

for (const subject of [claude(), codex(), opencode(), gemini(), copilot(), qwen()]) {
  const { name, missing } = subject;
  const here = missing === null ? '' : ` (not here: ${missing})`;

  test.skipIf(missing !== null)(
    `C8 ${name}: a check measures that it reads, writes, runs a command and reports${here}`,
    async () => {
      const { code, told } = await checked(subject, withoutTools.has(name) ? 'able-by-command' : 'able');
      const all = { read: true, write: true, run: true, report: true };
      expect(told).toMatchObject({ agent: name, installed: true, login: true, passed: true, ...all });
      expect(told['version']).toMatch(/^\d+\.\d+/);
      expect(told['tokens']).toBeGreaterThan(0);
      expect(code).toBe(0);
    },
  );

  test.skipIf(missing !== null)(
    `C8 ${name}: no login and an unknown model have words of their own${here}`,
    async () => {
      const stranger = await checked(subject, 'stranger');
      expect([stranger.code, stranger.told]).toMatchObject([4, { login: false, passed: false, read: null }]);
      expect(stranger.told.reason).toMatch(/^not logged in: /);
      const modelless = await checked(subject, 'modelless');
      expect(modelless.told).toMatchObject({ passed: false, read: null });
      expect(modelless.told.reason).toMatch(/^unknown model: /);
    },
  );
}

/** What these show depends on no program: two are enough. */
for (const subject of [claude(), codex()]) {
  const { name, missing } = subject;
  const here = missing === null ? '' : ` (not here: ${missing})`;

  test.skipIf(missing !== null)(`C8 ${name}: words without work are below the bar${here}`, async () => {
    const { code, told } = await checked(subject, 'idle');
    expect([code, told]).toMatchObject([4, { passed: false, read: false, write: false, run: false }]);
    expect(told.reason).toContain('it wrote no file');
  });

  test.skipIf(missing !== null)(`C8 ${name}: work without a report is below the bar${here}`, async () => {
    const { told } = await checked(subject, 'able-without-word');
    expect(told).toMatchObject({ passed: false, read: true, write: true, run: true, report: false });
    expect(told.reason).toBe('it did not report');
  });
}
