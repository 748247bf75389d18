import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AgentEvent, AgentOrder, AgentSettings } from '../agent.ts';
import { codexAdapter } from './codex.ts';
import { makeCodexHome } from './home.ts';

test('P10 a program that is missing, cannot run or is too old is told with what to do', async () => {
  const folder = place();
  const faultOf = async (command: string[]): Promise<string | null> => codexAdapter.fault(settings(command), folder);
  expect(await faultOf(['./none'])).toContain(`${folder}/none does not exist`);
  writeFileSync(join(folder, 'plain'), '');
  expect(await faultOf(['./plain'])).toContain('is not executable');
  const old = await faultOf([script(folder, 'old', 'echo codex-cli 0.9.3')]);
  expect(old).toMatch(/is Codex 0\.9\.3, but Orbit needs 0\.\d+\.\d+ or later: npm install -g @openai\/codex@/);
  expect(await faultOf([script(folder, 'other', 'echo other 9.9.9')])).toContain(
    'tells no version of Codex but other 9.9.9',
  );
  expect(await faultOf([script(folder, 'new', 'echo codex-cli 1.0.0-alpha.2')])).toBeNull();
  expect(await codexAdapter.version(settings([join(folder, 'new')]), folder)).toBe('1.0.0-alpha.2');
  expect(await codexAdapter.version(settings([join(folder, 'none')]), folder)).toBeNull();
});

test('P10 a program that ends at once, or speaks nonsense, is a stream that tells so and ends', async () => {
  const folder = place();
  const gone = await eventsOf(
    order(folder, { settings: settings([script(folder, 'gone', 'echo "Error: bad config" >&2; exit 1')]) }),
  );
  expect(gone.map(({ type }) => type)).toEqual(expect.arrayContaining(['message', 'error']));
  expect(gone.at(-1)).toEqual({ type: 'end', exitCode: 1, signal: null });
  const wild = await eventsOf(
    order(folder, {
      settings: settings([script(folder, 'wild', 'head -c 3000000 /dev/zero; printf "{\\n\\377\\n[]\\n"; exit 0')]),
    }),
  );
  expect(wild.at(-1)).toEqual({ type: 'end', exitCode: 0, signal: null });
  expect(wild.filter(({ type }) => type === 'end')).toHaveLength(1);
});

test('I19 the home is the agent’s alone, and holds no more of the user’s than model and provider', () => {
  const folder = place();
  const own = join(folder, 'user', '.codex');
  mkdirSync(own, { recursive: true });
  writeFileSync(
    join(own, 'config.toml'),
    'model = "mine"\nmodel_provider = "p"\n[model_providers.p]\nenv_key = "P_KEY"\n[mcp_servers.x]\ncommand = "x"\n',
  );
  writeFileSync(join(own, 'auth.json'), '{}');
  writeFileSync(join(own, 'history.jsonl'), 'secret');
  const mcp = { name: 'orbit', command: '/n', args: ['a "b"'], environment: { ORBIT_CAPABILITY: 'c\\d' } };
  const home = makeCodexHome(
    order(folder, { mcp, thinking: 'high', environment: { OPENAI_BASE_URL: 'http://other', OPENAI_API_KEY: 'k' } }),
  );
  const config = readFileSync(join(home, 'config.toml'), 'utf8');
  expect(statSync(join(home, 'config.toml')).mode & 0o777).toBe(0o600);
  expect(config).toContain('model = "mine"');
  expect(config).toContain('model_reasoning_effort = "high"');
  expect(config).toContain('args = ["a \\"b\\""]');
  expect(config).toContain('env = { "ORBIT_CAPABILITY" = "c\\\\d" }');
  expect(config).not.toMatch(/mcp_servers\.x|http:\/\/other/);
  // A login is renewed by whoever uses it: all go on with the same one.
  expect(readlinkSync(join(home, 'auth.json'))).toBe(join(own, 'auth.json'));
  expect(existsSync(join(home, 'history.jsonl'))).toBe(false);
  expect(codexAdapter.userEnvironmentNames?.(join(folder, 'user'))).toEqual(['P_KEY']);
  // The order's model wins, and a home that is there already is made anew.
  const again = readFileSync(join(makeCodexHome(order(folder, { model: 'other' })), 'config.toml'), 'utf8');
  expect([again.includes('model = "other"'), again.includes('"mine"'), again.includes('mcp_servers')]).toEqual([
    true,
    false,
    false,
  ]);
});

test('P10 a key in the environment is a login, and an endpoint in the environment a provider', () => {
  const folder = place();
  const home = makeCodexHome(
    order(folder, { environment: { OPENAI_API_KEY: 'k-1', OPENAI_BASE_URL: 'http://127.0.0.1:9/v1' } }),
  );
  expect(JSON.parse(readFileSync(join(home, 'auth.json'), 'utf8'))).toEqual({
    auth_mode: 'apikey',
    OPENAI_API_KEY: 'k-1',
  });
  expect(lstatSync(join(home, 'auth.json')).mode & 0o777).toBe(0o600);
  const config = readFileSync(join(home, 'config.toml'), 'utf8');
  expect(config).toContain('base_url = "http://127.0.0.1:9/v1"');
  expect(config).toContain('env_key = "OPENAI_API_KEY"');
  expect(config).not.toContain('k-1');
  makeCodexHome(order(folder, { environment: { CODEX_API_KEY: 'k-2', OPENAI_API_KEY: 'k-1' } }));
  expect(readFileSync(join(home, 'auth.json'), 'utf8')).toContain('k-2');
  makeCodexHome(order(folder, { environment: {} }));
  expect(existsSync(join(home, 'auth.json'))).toBe(false);
});

function settings(command: readonly string[]): AgentSettings {
  return { adapter: 'codex', slots: 1, command };
}

function order(folder: string, more: Partial<AgentOrder>): AgentOrder {
  const { environment = {}, ...rest } = more;
  return {
    workspace: folder,
    directory: folder,
    prompt: 'Do it.',
    promptFile: join(folder, 'prompt.md'),
    environment: { PATH: process.env['PATH'] ?? '', HOME: join(folder, 'home'), ...environment },
    settings: settings(['codex']),
    model: null,
    thinking: null,
    mcp: null,
    directories: { home: join(folder, 'home'), temporary: join(folder, 'tmp'), userHome: join(folder, 'user') },
    resume: null,
    onRaw: () => undefined,
    ...rest,
  };
}

async function eventsOf(one: AgentOrder): Promise<AgentEvent[]> {
  const session = await codexAdapter.start(one);
  onTestFinished(async () => session.stop(0));
  const events: AgentEvent[] = [];
  for await (const event of session.events) events.push(event);
  return events;
}

function script(folder: string, name: string, text: string): string {
  const file = join(folder, name);
  writeFileSync(file, `#!/bin/sh\n${text}\n`);
  chmodSync(file, 0o755);
  return file;
}

function place(): string {
  const folder = mkdtempSync(join(tmpdir(), 'orbit-codex-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
