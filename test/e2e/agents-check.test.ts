/** `orbit agents check` and its gate, with programs that behave as agents do. Needs a build. */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { makeProject, patience, type Project } from '../support/e2e.ts';
import { planText } from '../support/orbit-project.ts';

const answer = '{ tr a-z A-Z < word.txt; git hash-object word.txt; } > answer.txt';
const commit = 'git add answer.txt && git commit -q -m Answer';
const event = (fields: object): string => `printf '%s\\n' '${JSON.stringify(fields)}'`;
const failure = (kind: string, text: string): string =>
  `${event({ type: 'error', class: kind, text, critical: true })}\nexit 1`;

/** Small programs that play agents; what they get on standard input they pass over. */
const programs = {
  good: `cat > /dev/null\n${answer}\n${commit}`,
  guesses: `cat > /dev/null\n{ tr a-z A-Z < word.txt; echo 0123456789; } > answer.txt\n${commit}`,
  forgets: `cat > /dev/null\n${answer}`,
  hangs: 'exec sleep 600',
  speaks: `${answer}\n${commit}\n${event({ type: 'usage', tokens: 1234, contextUsed: null, contextSize: null, costUsd: 0.25 })}\norbit complete`,
  dear: `${event({ type: 'usage', tokens: 900_000, contextUsed: null, contextSize: null, costUsd: 2.5 })}\nexec sleep 600`,
  stranger: failure('login', '401 invalid key'),
  modelless: failure('agent', 'model not found: opus-9'),
  limited: failure('quota', 'usage limit reached'),
};

type Name = keyof typeof programs;

const speaking: readonly Name[] = ['speaks', 'dear', 'stranger', 'modelless', 'limited'];

async function projectWith(
  names: readonly Name[],
  more: Record<string, object> = {},
  temporary: string = tmpdir(),
): Promise<Project> {
  const entry = (name: Name): object => ({
    adapter: 'command',
    command: [`./${name}.sh`],
    ...(speaking.includes(name) ? { output: 'json-lines' } : {}),
  });
  const agents = { ...Object.fromEntries(names.map((name) => [name, entry(name)])), ...more };
  return makeProject({
    plan: planText('T1'),
    settings: { agents },
    environment: { TMPDIR: temporary },
    files: Object.fromEntries(names.map((name) => [`${name}.sh`, `#!/bin/sh\n${programs[name]}\n`])),
  });
}

interface Told {
  agents: Record<string, unknown>[];
}

/** A place for temporary files that no other test uses. */
function ownTemporary(): string {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-test-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

test('C8 each agent is measured by what it did, with the reason where it is below the bar', patience, async () => {
  const temporary = ownTemporary();
  const gone = { adapter: 'command', command: ['no-such-program'] };
  const odd = { adapter: 'no-such-adapter' };
  const project = await projectWith(
    ['good', 'guesses', 'forgets', 'speaks', 'stranger', 'modelless'],
    { gone, odd },
    temporary,
  );
  const checked = await project.orbit('agents', 'check', '--json');
  expect(checked.code).toBe(4);
  const { agents } = checked.json as Told;
  const all = { installed: true, passed: true, read: true, write: true, run: true, report: true };
  const none = { passed: false, read: null, write: null, run: null, report: null };
  expect(agents).toMatchObject([
    { agent: 'good', adapter: 'command', version: null, login: null, ...all },
    { agent: 'guesses', ...all, run: false, passed: false, reason: 'it did not run the command' },
    { agent: 'forgets', installed: true, write: true, passed: false },
    { agent: 'speaks', ...all, login: true, tokens: 1234, costUsd: 0.25 },
    { agent: 'stranger', installed: true, login: false, ...none, reason: 'not logged in: 401 invalid key' },
    { agent: 'modelless', installed: true, ...none, reason: 'unknown model: model not found: opus-9' },
    { agent: 'gone', installed: false, ...none, reason: expect.stringMatching(/^not installed: /) as string },
    { agent: 'odd', installed: false, ...none, reason: expect.stringMatching(/^unknown adapter: /) as string },
  ]);
  expect(agents[2]?.['reason']).toContain('did not commit');
  const table = await project.orbit('agents');
  expect(table.stdout).toMatch(/^good +command +1 at once +passed its check/m);
  expect(table.stdout).toMatch(/^stranger .*gets no task: .*not logged in: 401/m);
  expect(readdirSync(temporary)).toEqual([]);
  expect(project.processes()).toEqual([]);
});

test('C8 a hanging agent is ended with all its processes when its time is up', patience, async () => {
  const project = await projectWith(['hangs']);
  const checked = await project.orbit('agents', 'check', 'hangs', '--timeout-s', '3', '--json');
  expect(checked.code).toBe(4);
  expect((checked.json as Told).agents[0]).toMatchObject({
    reason: expect.stringMatching(/^hung: /) as string,
    read: null,
    passed: false,
  });
  expect(project.processes()).toEqual([]);
});

test('C8 P7 a check ends when it has cost what it may', patience, async () => {
  const project = await projectWith(['dear']);
  const checked = await project.orbit('agents', 'check', '--cost-usd', '0.5', '--json');
  expect([checked.code, (checked.json as Told).agents[0]]).toMatchObject([
    4,
    { passed: false, costUsd: 2.5, tokens: 900_000, reason: expect.stringMatching(/^too dear: /) as string },
  ]);
  expect(project.processes()).toEqual([]);
});

test('C8 an agent below the bar gets no task, and why says so, until a check passes', patience, async () => {
  const project = await projectWith(['guesses', 'limited']);
  expect((await project.orbit('agents', 'check', 'limited')).code).toBe(4);
  expect((await project.orbit('agents', '--json')).json).toMatchObject({
    configured: [
      { agent: 'guesses', check: null, barred: null },
      { agent: 'limited', check: null, barred: null },
    ],
  });
  expect((await project.orbit('agents', 'check', 'guesses')).code).toBe(4);
  const why = (await project.orbit('why', 'T1', '--json')).json as { because: { rule: string }[] };
  expect(why.because.map(({ rule }) => rule)).not.toContain('agent-barred');
  const only = await project.orbit('run', '001', '--agents', 'guesses:1', '--json');
  expect(only.code).toBe(1);
  expect(only.json).toMatchObject({ error: { code: 'agent-not-startable' } });
  expect(only.stdout).toContain('did not pass its last check: it did not run the command');
  // The same name with another program is another agent: unchecked, and free to work.
  project.repository.write({
    'good.sh': `#!/bin/sh\n${programs.good}\n`,
    'orbit.config.json': JSON.stringify({ agents: { guesses: { adapter: 'command', command: ['sh', 'good.sh'] } } }),
  });
  expect((await project.orbit('agents', '--json')).json).toMatchObject({ configured: [{ barred: null }] });
  expect((await project.orbit('agents', 'check')).code).toBe(0);
});

test('C8 where a check is required an unchecked agent gets no task, and why says so', patience, async () => {
  const project = await projectWith([], { new: { adapter: 'command', command: ['true'], check: 'required' } });
  const why = (await project.orbit('why', 'T1')).stdout;
  expect(why).toContain('agent new was never checked as it is now');
  expect(why).toContain('orbit agents check new');
  const run = await project.orbit('run', '001');
  expect(run.code).toBe(1);
  expect(run.stderr).toContain('never checked');
});

test('C8 names that nobody knows are refused', patience, async () => {
  const project = await projectWith(['good']);
  const unknown = await project.orbit('agents', 'check', 'nobody');
  expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('there is no agent "nobody"')]);
  expect((await project.orbit('agents', 'chekc')).code).toBe(2);
});

test(
  'C8 I11 P6 a login refused at work costs one start, no attempt, and all who are asked say how to mend it',
  patience,
  async () => {
    const project = await projectWith(['stranger']);
    const run = await project.orbit('run', '001', '--json');
    expect(run.code).toBe(4);
    const [last = ''] = run.stdout.trim().split('\n').slice(-1);
    expect(JSON.parse(last)).toMatchObject({ summary: { landed: 0, failed: 0, needsYou: 1, attempts: 1 } });
    const why = (await project.orbit('why', 'T1', '--json')).json as { status: string; because: object[] };
    const told = { rule: 'agent-barred', unblockedBy: 'orbit agents check stranger once it passes' };
    expect(why).toMatchObject({ status: 'ready', because: [expect.objectContaining(told), {}] });
    for (const words of [['inbox'], ['agents'], ['why', 'T1']]) {
      expect((await project.orbit(...words)).stdout).toMatch(/until it is logged in: not logged in: 401 invalid key/);
    }
    expect((await project.orbit('inbox', '--json')).json).toMatchObject({ tasks: [], agents: [{ agent: 'stranger' }] });
  },
);
