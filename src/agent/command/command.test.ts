import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AgentEvent, AgentSettings, RawLine } from '../agent.ts';
import { commandAdapter } from './command.ts';

/** Runs a shell script that lies in the project's top as the agent `./agent.sh`. */
async function run(
  script: string,
  settings: Partial<AgentSettings> = {},
  workspaceScript?: string,
): Promise<{ events: AgentEvent[]; raw: RawLine[] }> {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-command-'));
  const workspace = join(directory, 'workspace');
  mkdirSync(workspace);
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  writeScript(join(directory, 'agent.sh'), script);
  if (workspaceScript !== undefined) writeScript(join(workspace, 'agent.sh'), workspaceScript);
  writeFileSync(join(directory, 'prompt.md'), 'from the file');
  const raw: RawLine[] = [];
  const session = await commandAdapter.start({
    workspace,
    directory,
    prompt: 'from\nthe prompt',
    promptFile: join(directory, 'prompt.md'),
    environment: { PATH: '/usr/bin:/bin' },
    settings: { adapter: 'command', slots: 1, command: ['./agent.sh', 'a b'], ...settings },
    resume: null,
    model: null,
    thinking: null,
    mcp: null,
    directories: { home: directory, temporary: directory, userHome: directory },
    onRaw: (line) => raw.push(line),
  });
  const events: AgentEvent[] = [];
  for await (const event of session.events) events.push(event);
  await session.stop(0);
  return { events, raw };
}

function writeScript(file: string, script: string): void {
  writeFileSync(file, `#!/bin/sh\n${script}\n`);
  chmodSync(file, 0o755);
}

const said = (events: readonly AgentEvent[]): string[] =>
  events.flatMap((event) => (event.type === 'message' ? [event.text] : []));

test('P10 a plain program gets the prompt on standard input, and each line it prints is a message', async () => {
  const { events, raw } = await run('cat; echo; echo "$1|$ORBIT_PROMPT" >&2; exit 3');
  expect(said(events).sort()).toEqual([
    'a b|' + raw.find(({ stream }) => stream === 'error')?.text.split('|')[1],
    'from',
    'the prompt',
  ]);
  expect(raw.filter(({ stream }) => stream === 'in').map(({ text }) => text)).toEqual(['from', 'the prompt']);
  expect(events.at(-1)).toEqual({ type: 'end', exitCode: 3, signal: null });
});

test('P10 the prompt can be a file only', async () => {
  const { events } = await run('cat; cat "$ORBIT_PROMPT"', { prompt: 'file' });
  expect(said(events)).toEqual(['from the file']);
});

test('P10 a relative program is the one at the top of the project, never the copy in the workspace', async () => {
  const { events } = await run('echo top; basename "$PWD"', {}, 'echo planted');
  expect(said(events)).toEqual(['top', 'workspace']);
});

test('P10 json-lines: known events are events, all else is a message', async () => {
  const script = `read -r prompt; printf "%s\\n" "$prompt"; echo '{"type":"report","report":"complete"}'; echo '{"type":"end"}'; echo '{"type":"thought","text":"e"}' >&2`;
  const { events } = await run(script, { output: 'json-lines' });
  expect(events.filter(({ type }) => type === 'report')).toHaveLength(1);
  expect(events.filter(({ type }) => type === 'thought')).toEqual([]);
  const [prompt = '', ...rest] = said(events);
  expect(JSON.parse(prompt)).toEqual({
    type: 'prompt',
    text: 'from\nthe prompt',
    file: expect.stringMatching(/\/prompt\.md$/),
  });
  expect(rest.sort()).toEqual(['{"type":"end"}', '{"type":"thought","text":"e"}']);
});

test('P10 a line that was cut says how much is missing', async () => {
  const { events } = await run('head -c 3000000 /dev/zero | tr "\\0" x');
  expect(said(events)).toEqual([`${'x'.repeat(65_536)} [${3_000_000 - 65_536} more]`]);
});

test('P10 the exit code is the word of a plain program, unless the settings say otherwise', () => {
  const exitIsReport = (settings: Partial<AgentSettings>): boolean =>
    commandAdapter.capabilities({ adapter: 'command', slots: 1, ...settings }).exitIsReport;
  expect(exitIsReport({})).toBe(true);
  expect(exitIsReport({ output: 'json-lines' })).toBe(false);
  expect(exitIsReport({ report: 'explicit' })).toBe(false);
  expect(exitIsReport({ output: 'json-lines', report: 'exit' })).toBe(true);
});
