/** `orbit init`, help, completion and how output reaches its reader. */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { makeProject, planText, run } from '../support/orbit-project.ts';

test('A11 init makes a project once, touches only its own block, and again changes nothing', async () => {
  using project = await makeProject({
    init: false,
    files: { 'AGENTS.md': '# Ours\r\n\r\nBe kind.\r\n', '.gitignore': 'node_modules\n' },
  });
  const { orbit, repository, directory } = project;
  const first = await orbit(['init', '--skill', '--json']);
  expect(first.json()).toMatchObject({
    project: directory,
    changed: expect.arrayContaining(['orbit.config.json', 'AGENTS.md', 'CLAUDE.md', '.claude/skills/orbit/SKILL.md']),
  });
  const agents = readFileSync(join(directory, 'AGENTS.md'), 'utf8');
  expect(agents.startsWith('# Ours\r\n\r\nBe kind.\r\n')).toBe(true);
  expect(agents).toContain('orbit-agent complete <task>');
  expect(agents.replaceAll('\r\n', '')).not.toContain('\n');
  expect(readFileSync(join(directory, 'CLAUDE.md'), 'utf8')).toMatch(/^@AGENTS\.md$/m);
  expect(readFileSync(join(directory, '.claude/skills/orbit/SKILL.md'), 'utf8')).toMatch(/^---\nname: orbit\n/);
  expect(readFileSync(join(directory, '.gitignore'), 'utf8')).toBe('node_modules\n');
  const settings = JSON.parse(readFileSync(join(directory, 'orbit.config.json'), 'utf8')) as { $schema: string };
  expect(existsSync(join(directory, settings.$schema))).toBe(true);
  expect(
    repository
      .git('status', '--porcelain', '--untracked-files=all')
      .split('\n')
      .map((line) => line.slice(3))
      .toSorted(),
  ).toEqual(['.claude/skills/orbit/SKILL.md', 'AGENTS.md', 'CLAUDE.md', 'orbit.config.json']);
  repository.commit('Orbit');
  expect((await orbit(['init', '--skill', '--json'])).json()['changed']).toEqual([]);
  expect(repository.git('status', '--porcelain')).toBe('');
});

test('A11 init leaves a CLAUDE.md that is a link to AGENTS.md, and agents files altogether, alone', async () => {
  using project = await makeProject({ init: false });
  symlinkSync('AGENTS.md', join(project.directory, 'CLAUDE.md'));
  await project.orbit(['init']);
  expect(lstatSync(join(project.directory, 'CLAUDE.md')).isSymbolicLink()).toBe(true);
  expect(readFileSync(join(project.directory, 'AGENTS.md'), 'utf8')).not.toContain('@AGENTS.md');
  using other = await makeProject({ init: false });
  await other.orbit(['init', '--no-agents-file']);
  expect(existsSync(join(other.directory, 'AGENTS.md'))).toBe(false);
});

test('A1 init in a linked worktree makes the project of all worktrees', async () => {
  using project = await makeProject({ init: false });
  const linked = `${project.directory}-linked`;
  project.repository.git('worktree', 'add', '-q', '--detach', linked);
  expect((await run(['init', '--no-agents-file'], linked)).code).toBe(0);
  expect((await project.orbit(['ready'])).code).toBe(0);
  expect(existsSync(join(project.directory, '.git/orbit/orbit.db'))).toBe(true);
});

test('every verb explains itself, and help lists them', async () => {
  using project = await makeProject({ init: false });
  const overview = await project.orbit([]);
  expect(overview.code).toBe(0);
  expect(await project.orbit(['help'])).toMatchObject({ stdout: overview.stdout });
  for (const verb of ['claim', 'layer-status', 'dep']) {
    const page = (await project.orbit([verb, '--help'])).stdout;
    expect(overview.stdout).toContain(`  ${verb} `);
    expect(page).toContain(`Usage: orbit ${verb}`);
    expect(page).toContain('Examples');
    expect((await project.orbit(['help', verb])).stdout).toBe(page);
  }
  expect(overview.stdout).not.toContain('scripted-agent');
  expect((await project.orbit(['--version', '--json'])).json()).toEqual({
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
  });
});

test('completion in bash proposes verbs, flags and tasks', async () => {
  using project = await makeProject();
  project.plan('001', planText('T1', 'T2'));
  await project.orbit(['plan', '001']);
  const script = (await project.orbit(['completion', 'bash'])).stdout;
  const complete = (...words: string[]): string[] => {
    const program = `orbit() { '${process.execPath}' '${resolve('dist/orbit.cjs')}' "$@"; }\n${script}\nCOMP_WORDS=(orbit "$@"); COMP_CWORD=$#; _orbit; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const { stdout } = spawnSync('bash', ['--norc', '-c', program, 'bash', ...words], {
      cwd: project.directory,
      encoding: 'utf8',
    });
    return stdout.trim().split('\n');
  };
  expect(complete('lay')).toEqual(['layer-status']);
  expect(complete('start', 'T')).toEqual(['T1', 'T2']);
  expect(complete('list', '--st')).toEqual(['--status']);
  expect(complete('nonsense', 'x')).toEqual(['']);
  for (const shell of ['zsh', 'fish'])
    expect((await project.orbit(['completion', shell])).stdout).toContain('orbit completion --complete');
});

test('an answer larger than a pipe arrives whole, and a reader that leaves early is no error', async () => {
  using project = await makeProject();
  project.plan('001', planText(...Array.from({ length: 3000 }, (_, at) => `T${at + 1}`)));
  await project.orbit(['plan', '001']);
  const all = await project.orbit(['list', '--json']);
  expect((all.json()['tasks'] as unknown[]).length).toBe(3000);
  const program = `'${process.execPath}' '${resolve('dist/orbit.cjs')}' list | head -1; exit "\${PIPESTATUS[0]}"`;
  const head = spawn('bash', ['--norc', '-c', program], { cwd: project.directory, stdio: ['ignore', 'pipe', 'pipe'] });
  const [out, error]: [Buffer[], Buffer[]] = [[], []];
  head.stdout.on('data', (bytes: Buffer) => out.push(bytes));
  head.stderr.on('data', (bytes: Buffer) => error.push(bytes));
  const code = await new Promise((done) => head.once('close', done));
  expect([code, Buffer.concat(out).toString().split('\n').length, Buffer.concat(error).toString()]).toEqual([0, 2, '']);
});

test('NO_COLOR wins over FORCE_COLOR, and neither changes JSON', async () => {
  using project = await makeProject();
  project.plan('001', planText('T1'));
  const words = async (environment: Record<string, string>): Promise<string> =>
    (await project.orbit(['list', '001'], { environment })).stdout;
  const escape = '\u001b[';
  expect(await words({ NO_COLOR: '', FORCE_COLOR: '1' })).toContain(escape);
  expect(await words({ NO_COLOR: '1', FORCE_COLOR: '1' })).not.toContain(escape);
  expect(await words({ NO_COLOR: '' })).not.toContain(escape);
  expect(
    (await project.orbit(['list', '001', '--json'], { environment: { NO_COLOR: '', FORCE_COLOR: '1' } })).stdout,
  ).not.toContain(escape);
});

test('P10 P14 init writes down the agents whose programs are on the PATH', async () => {
  using project = await makeProject({ init: false });
  const bin = join(project.directory, '.git', 'programs');
  mkdirSync(bin);
  writeFileSync(join(bin, 'claude'), '#!/bin/sh\n', { mode: 0o755 });
  const answer = await project.orbit(['init', '--json'], { environment: { PATH: `${bin}:/usr/bin:/bin` } });
  expect(answer.json()).toMatchObject({ agents: ['claude'] });
  const settings = JSON.parse(readFileSync(join(project.directory, 'orbit.config.json'), 'utf8')) as unknown;
  expect(settings).toMatchObject({ agents: { claude: { adapter: 'claude', slots: 2 } } });
});
