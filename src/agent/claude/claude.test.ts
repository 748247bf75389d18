/** What is decided before the program runs; the real program is driven in test/agents. */
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AgentEvent, AgentOrder, AgentSettings } from '../agent.ts';
import { claudeAdapter } from './claude.ts';
import { argumentsFor, neededFlags, writeMcpFile } from './command-line.ts';
import { claudeLogin } from './login.ts';

function folder(): string {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-claude-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

/** Settings with a program that prints these words for `--help` and `--version`. */
function program(directory: string, help: string, version = '1.0.3 (Claude Code)'): AgentSettings {
  const file = join(directory, 'claude.sh');
  writeFileSync(file, `#!/bin/sh\nif [ "$1" = --version ]; then echo "${version}"; else echo "${help}"; fi\n`);
  chmodSync(file, 0o755);
  return { adapter: 'claude', slots: 1, command: ['./claude.sh'] };
}

test('P10 a program that is not there, not executable or too old is a fault that says what to do', async () => {
  const directory = folder();
  const fault = async (settings: Partial<AgentSettings>): Promise<string | null> =>
    claudeAdapter.fault({ adapter: 'claude', slots: 1, ...settings }, directory);
  writeFileSync(join(directory, 'plain'), '');
  expect(await fault({ command: ['./none'] })).toMatch(`${directory}/none does not exist`);
  expect(await fault({ command: ['./plain'] })).toMatch(/plain is not executable/);
  const old = await fault(program(directory, '--model --resume'));
  expect(old).toMatch(/is version 1\.0\.3 and does not know .*--input-format.*--setting-sources/);
  expect(old).toMatch(/npm install -g @anthropic-ai\/claude-code@\d/);
  expect(await fault(program(directory, neededFlags.join(' ')))).toBeNull();
});

test('P10 the version is what the program tells, or nothing', async () => {
  const directory = folder();
  expect(await claudeAdapter.version(program(directory, '', '2.1.329 (Claude Code)'), directory)).toBe('2.1.329');
  expect(await claudeAdapter.version(program(directory, '', 'hello'), directory)).toBeNull();
  expect(await claudeAdapter.version({ adapter: 'claude', slots: 1, command: ['./none'] }, directory)).toBeNull();
});

test('P10 model, effort, session and tools are named on the command line, the prompt is not', () => {
  const mcp = { name: 'orbit', command: '/node', args: [], environment: {} };
  const args = argumentsFor({ model: 'm', thinking: 'high', mcp, resume: 'id' }, '/home/mcp.json');
  const after = (flag: string): string | undefined => args[args.indexOf(flag) + 1];
  expect(['--model', '--effort', '--resume', '--mcp-config'].map(after)).toEqual(['m', 'high', 'id', '/home/mcp.json']);
  expect(after('--allowedTools')).toMatch(/,mcp__orbit$/);
  const plain = argumentsFor({ model: null, thinking: null, mcp: null, resume: null }, '');
  expect(plain.filter((word) => ['--model', '--effort', '--resume', '--mcp-config'].includes(word))).toEqual([]);
});

test('I19 settings and servers of the repository are never asked for', () => {
  const args = argumentsFor({ model: null, thinking: null, mcp: null, resume: null }, '');
  expect(args[args.indexOf('--setting-sources') + 1]).toBe('user');
  expect(args).toContain('--strict-mcp-config');
});

test('I19 the MCP file is for its user alone, also over a file or a link that is there', () => {
  const home = folder();
  const other = join(home, 'other');
  writeFileSync(other, 'mine');
  mkdirSync(join(home, '.orbit'));
  symlinkSync(other, join(home, '.orbit', 'mcp.json'));
  const file = writeMcpFile(home, { name: 'orbit', command: '/node', args: ['mcp'], environment: { A: 'b' } });
  expect([lstatSync(file).mode & 0o777, lstatSync(file).isFile(), readFileSync(other, 'utf8')]).toEqual([
    0o600,
    true,
    'mine',
  ]);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    mcpServers: { orbit: { type: 'stdio', command: '/node', args: ['mcp'], env: { A: 'b' }, alwaysLoad: true } },
  });
});

test('I19 of the account file only who is logged in is lent; a login goes back only as the same one renewed', () => {
  const [credentials, account] = claudeLogin;
  const text = JSON.stringify({ oauthAccount: { id: 1 }, hasCompletedOnboarding: true, projects: { '/p': {} } });
  expect(JSON.parse(account?.pick?.(text) ?? '')).toEqual({ oauthAccount: { id: 1 }, hasCompletedOnboarding: true });
  expect(account?.pick?.('garbage')).toBeNull();
  const login = (expiresAt: number, more: object = {}): string =>
    JSON.stringify({
      claudeAiOauth: { accessToken: `a${expiresAt}`, refreshToken: 'r', expiresAt, subscriptionType: 'pro', ...more },
    });
  const isReturned = (after: string): boolean => credentials?.isReturned?.(login(5), after) === true;
  expect(isReturned(login(6))).toBe(true);
  for (const other of [login(4), login(6, { subscriptionType: 'max' }), login(6, { extra: 1 }), 'garbage', '{}'])
    expect(isReturned(other)).toBe(false);
});

test('P10 the program gets prompt and login, and no login where a key is in the environment', async () => {
  const run = async (environment: Record<string, string>): Promise<{ said: string; events: AgentEvent[] }> => {
    const directory = folder();
    const [home, userHome, workspace] = ['home', 'user', 'work'].map((name) => join(directory, name)) as [
      string,
      string,
      string,
    ];
    for (const made of [home, workspace, join(userHome, '.claude')]) mkdirSync(made, { recursive: true });
    writeFileSync(join(userHome, '.claude/.credentials.json'), '{"claudeAiOauth":{}}');
    writeFileSync(join(directory, 'claude.sh'), '#!/bin/sh\nhead -n 1 > said\n');
    chmodSync(join(directory, 'claude.sh'), 0o755);
    const order: AgentOrder = {
      workspace,
      directory,
      prompt: 'one\ntwo',
      promptFile: join(directory, 'prompt.md'),
      environment: { PATH: '/usr/bin:/bin', ...environment },
      settings: { adapter: 'claude', slots: 1, command: ['./claude.sh'] },
      model: null,
      thinking: null,
      mcp: null,
      directories: { home, temporary: directory, userHome },
      resume: null,
      onRaw: () => undefined,
    };
    const session = await claudeAdapter.start(order);
    const events: AgentEvent[] = [];
    for await (const event of session.events) events.push(event);
    expect(await session.hint('too late')).toBe('unsupported');
    await session.stop(0);
    expect(existsSync(join(home, '.claude/.credentials.json'))).toBe(!('ANTHROPIC_API_KEY' in environment));
    return { said: readFileSync(join(workspace, 'said'), 'utf8'), events };
  };
  const { said, events } = await run({});
  expect(JSON.parse(said)).toEqual({
    type: 'user',
    message: { role: 'user', content: [{ type: 'text', text: 'one\ntwo' }] },
  });
  expect(events).toEqual([{ type: 'end', exitCode: 0, signal: null }]);
  await run({ ANTHROPIC_API_KEY: 'key' });
});
