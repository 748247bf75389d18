/** Bad input: one clear message with file and line or id, the right exit code, nothing half done. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makeProject, planText, run, type OrbitProject } from '../support/orbit-project.ts';
import { makeRepository } from '../support/repository.ts';

const file = 'specs/001/agent-tasks/layered-tasks.md';

test('init refuses what is no repository, bare, or without a commit, each with one message', async () => {
  const nowhere = realpathSync(mkdtempSync(join(tmpdir(), 'orbit-nowhere-')));
  const bare = join(nowhere, 'bare.git');
  using empty = makeRepository();
  empty.git('init', '-q', '--bare', bare);
  try {
    for (const [cwd, code] of [
      [nowhere, 'not-a-repository'],
      [bare, 'bare-repository'],
      [empty.directory, 'no-commit-yet'],
    ] as const) {
      const words = await run(['init'], cwd);
      expect([code, words.code, words.stderr.split('\n').filter((line) => line.startsWith('orbit:'))]).toEqual([
        code,
        2,
        [expect.stringContaining(cwd)],
      ]);
      expect((await run(['init', '--json'], cwd)).json()['error']).toMatchObject({ code });
    }
    expect(existsSync(join(empty.directory, '.git/orbit'))).toBe(false);
    expect(empty.git('status', '--porcelain')).toBe('');
    expect((await run(['ready', '--json'], nowhere)).json()['error']).toMatchObject({ code: 'not-a-repository' });
  } finally {
    rmSync(nowhere, { recursive: true, force: true });
  }
});

test('every verb says that orbit init has to come first', async () => {
  using project = await makeProject({ init: false });
  const answer = await project.orbit(['ready', '--json']);
  expect([answer.code, answer.json()['error']]).toEqual([
    2,
    { code: 'not-a-project', message: expect.stringContaining(project.directory), hint: 'orbit init' },
  ]);
});

const badPlans: [name: string, text: string, says: string][] = [
  ['a ring', planText('T1: T3', 'T2: T1', 'T3: T2'), ':'],
  ['an unknown dependency', planText('T1: T9'), ':6: '],
  ['an id twice', planText('T1', 'T2', 'T1'), ':9: '],
  ['a bad layer', '# Tasks\n\n## Layer one: A\n\n- [ ] T1 a\n', ':3: '],
  ['not UTF-8', '\u0000', 'UTF-8'],
];

for (const [name, text, says] of badPlans) {
  test(`A3 a plan with ${name} is refused whole, with file and line`, async () => {
    using project = await makeProject();
    if (name === 'not UTF-8') project.repository.write({ [file]: '' });
    else project.plan('001', text);
    if (name === 'not UTF-8') writeFileSync(join(project.directory, file), Buffer.from([0x2d, 0xff, 0xfe, 0x0a]));
    const answer = await project.orbit(['plan', '001', '--json']);
    expect([answer.code, answer.json()['error']]).toEqual([
      2,
      { code: 'bad-plan', message: expect.stringContaining(says), hint: expect.any(String) },
    ]);
    expect((answer.json()['error'] as { message: string }).message).toContain(file);
    expect((await project.orbit(['plan', '--json'])).json()).toEqual({ plans: [] });
  });
}

test('A3 Windows line ends, tabs and a byte order mark are read, and kept when a box is ticked', async () => {
  using project = await makeProject();
  const text = `\ufeff${planText('T1 @any Ünïcode \u{1f680}', 'T2: T1').replaceAll('      ', '\t').replaceAll('\n', '\r\n')}`;
  project.plan('001', text);
  project.repository.commit('Plan');
  await project.orbit(['start', 'T1', '--agent', 'claude']);
  await project.orbit(['complete', 'T1', '--no-changes', 'nothing to do']);
  expect(readFileSync(join(project.directory, file), 'utf8')).toBe(text.replace('- [ ] T1', '- [x] T1'));
});

test('A3 a plan of 10 MB is read or refused in seconds, never half', async () => {
  using project = await makeProject();
  const remarks = `      - ${'remark '.repeat(20)}\n`.repeat(60_000);
  project.plan('001', `${planText('T1')}${remarks}`);
  expect((await project.orbit(['plan', '001', '--json'])).json()).toMatchObject({ tasks: 1 });
  project.plan('002', `${planText('T1')}${remarks.repeat(2)}`);
  const answer = await project.orbit(['plan', '002', '--json']);
  expect(answer.json()['error']).toMatchObject({ code: 'bad-plan', message: expect.stringContaining('bytes') });
});

test('A3 a plan that was edited into nonsense stops nobody who works on it', async () => {
  using project = await makeProject();
  project.plan('001', planText('T1', 'T2'));
  await project.orbit(['plan', '001']);
  project.plan('001', planText('T1', 'T1'));
  const answer = await project.orbit(['start', 'T2', '--agent', 'claude']);
  expect([answer.code, answer.stdout]).toEqual([0, expect.stringContaining('T2')]);
  expect(answer.stderr).toContain(`${file}:`);
});

const badSettings: [name: string, text: string, says: string][] = [
  ['an unknown key', '{\n  "landing": {\n    "inot": "main"\n  }\n}', ':3:5: unknown key "inot"; did you mean "into"?'],
  [
    'a wrong value',
    '{\r\n  "budget": { "attempts": 0 }\r\n}',
    ':2:27: budget.attempts must be a whole number of at least 1, not 0',
  ],
  ['a missing comma', '{\n  "shared": []\n  "environment": []\n}', ':3:3: not JSON: expected , or }'],
  ['an end too soon', '{ "agents": {', ':1:14: not JSON: '],
  ['a comment', '{\n  // agents\n}', ':2:3: not JSON: '],
  ['an agent without adapter', '{ "agents": { "sh": { "slots": 2 } } }', 'agents.sh needs "adapter"'],
];

for (const [name, text, says] of badSettings) {
  test(`settings with ${name} are refused with file, line and column`, async () => {
    using project = await makeProject();
    project.repository.write({ 'orbit.config.json': text });
    const answer = await project.orbit(['doctor', '--json']);
    const looks = answer.json()['looks'] as { what: string; state: string; text: string }[];
    expect(looks.find(({ what }) => what === 'settings')).toMatchObject({
      state: 'bad',
      text: expect.stringContaining(`orbit.config.json`),
    });
    expect(looks.find(({ what }) => what === 'settings')?.text).toContain(says);
  });
}

test('ids made to break shells, paths, refs and terminals are refused; titles are shown without harm', async () => {
  using project = await makeProject();
  project.plan('001', planText('T1 @any \u001b]0;owned\u0007$(touch owned) `touch owned` \u202eevil'));
  for (const id of [
    'T1;touch owned',
    '../T1',
    'T1\u001b[2J',
    '-rf',
    'T1.lock',
    'a..b',
    'T1 T2',
    '$(touch owned)',
    'x'.repeat(65),
  ]) {
    const answer = await project.orbit(
      ['show', '--json', '--', id].filter((word) => word !== '--' || !id.startsWith('-')),
    );
    expect([id, answer.code]).toEqual([id, 2]);
    expect(await project.orbit(['start', id, '--agent', 'a'])).toMatchObject({ code: 2 });
    expect(await project.orbit(['claim', '--agent', id])).toMatchObject({ code: 2 });
    expect(await project.orbit(['create', '--plan', id, '--title', 'x'])).toMatchObject({ code: 2 });
  }
  for (const args of [
    ['list'],
    ['show', 'T1'],
    ['why', 'T1'],
    ['graph', '001', '--format', 'mermaid'],
    ['list', '--json'],
    ['layer-status', '001'],
  ]) {
    const { code, stdout } = await project.orbit(args);
    expect([args, code]).toEqual([args, 0]);
    // oxlint-disable-next-line no-control-regex -- that none is left is what is tested
    expect(stdout).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
  }
  expect(existsSync(join(project.directory, 'owned'))).toBe(false);
  const created = await project.orbit(['create', '--plan', '001', '--title', '$(touch owned) \u001b[31mred', '--json']);
  expect(created.code).toBe(0);
  expect(existsSync(join(project.directory, 'owned'))).toBe(false);
});

test('complete names what is missing: uncommitted, outside the scope, a red check', async () => {
  using project = await makeProject();
  const { repository, orbit } = project;
  const task = '- [ ] T1 @any One\n      Dependencies: None\n      Files: src/**\n      Check: node check.mjs\n';
  project.plan('001', `# Tasks\n\n## Layer 1: All\n\n${task}`);
  repository.write({
    'check.mjs': `import { existsSync } from 'node:fs';\nprocess.exit(existsSync('src/good') ? 0 : 1);\n`,
  });
  repository.commit('Plan');
  await orbit(['start', 'T1', '--agent', 'claude']);
  const complete = async (): Promise<[number | null, unknown]> => {
    const answer = await orbit(['complete', 'T1', '--json']);
    return [answer.code, (answer.json()['error'] as { code: string } | undefined)?.code ?? answer.json()['status']];
  };
  expect(await complete()).toEqual([3, 'no-evidence']);
  repository.write({ 'other.txt': 'x' });
  repository.commit('Stray');
  expect(await complete()).toEqual([3, 'outside-scope']);
  repository.git('reset', '-q', '--hard', 'HEAD~1');
  repository.write({ 'src/bad': 'x' });
  repository.commit('Work');
  repository.write({ 'src/more': 'x' });
  expect(await complete()).toEqual([3, 'uncommitted-changes']);
  repository.commit('More');
  expect(await complete()).toEqual([3, 'check-failed']);
  repository.write({ 'src/good': 'x' });
  repository.commit('Good');
  expect(await complete()).toEqual([0, 'done']);
});

test('an id in several plans asks which one; a plan or its key settles it', async () => {
  using project = await makeProject();
  project.plan('001', planText('T1'));
  project.plan('002', planText('T1'));
  await project.orbit(['plan', '001']);
  await project.orbit(['plan', '002']);
  const answer = await project.orbit(['show', 'T1', '--json']);
  expect(answer.json()['error']).toMatchObject({
    code: 'ambiguous-task',
    message: expect.stringContaining('001, 002'),
  });
  for (const args of [
    ['show', '002/T1'],
    ['show', 'T1', '--plan', '002'],
  ]) {
    expect((await project.orbit([...args, '--json'])).json()).toMatchObject({ key: '002/T1' });
  }
  expect((await project.orbit(['show', 'T1', '--json'], { environment: { ORBIT_PLAN: '001' } })).json()).toMatchObject({
    key: '001/T1',
  });
});

test('a store that cannot be opened is told in one message', async () => {
  using project = await makeProject();
  const database = join(project.directory, '.git/orbit/orbit.db');
  for (const suffix of ['-wal', '-shm']) rmSync(`${database}${suffix}`, { force: true });
  writeFileSync(database, 'this is not a database, but long enough to be read as one'.repeat(100));
  expect((await failure(project)).code).toMatch(/^store-/);
  rmSync(database);
  writeFileSync(database, '');
  chmodSync(database, 0o000);
  // Nobody is refused anything as root: an empty file is simply made a store again.
  const answer = await project.orbit(['ready', '--json']);
  expect(answer.code).toBe(process.getuid?.() === 0 ? 0 : 1);
});

async function failure(project: OrbitProject): Promise<{ code: string; message: string }> {
  const answer = await project.orbit(['ready', '--json']);
  expect(answer.code).toBe(1);
  return answer.json()['error'] as { code: string; message: string };
}

test('P1 P8 names that nothing bears and flags without what they belong to are refused, not passed over', async () => {
  using project = await makeProject({ files: { [file]: planText('T001', 'T002') } });
  for (const [words, code] of [
    [['recover', 'nope'], 'unknown-task'],
    [['recover', '--purge', 'T999', '--yes'], 'unknown-task'],
    [['scope', 'list', '--plan', '9'], 'unknown-plan'],
    [['approve', '--tree', 'abc'], 'missing-argument'],
    [['approve', '--all'], 'missing-argument'],
    [['land', '001', '--into', ''], 'bad-flag'],
  ] as const) {
    const answer = await project.orbit([...words, '--json']);
    expect([words, answer.code, (answer.json()['error'] as { code?: string } | undefined)?.code]).toEqual([
      words,
      2,
      code,
    ]);
  }
  const several = await project.orbit(['approve', 'T001', 'T002', '--json']);
  expect([several.code, several.json()['error']]).toEqual([3, expect.objectContaining({ code: expect.any(String) })]);
});
