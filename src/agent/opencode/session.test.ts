/** OpenCode's server, played by a program that speaks its protocol and misbehaves as it is told to. */
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, onTestFinished, test } from 'vitest';
import { limits } from '../../core/limits.ts';
import { lookAtProcess } from '../../platform/process.ts';
import type { AgentEvent, AgentOrder, AgentSession, RawLine } from '../agent.ts';
import { startOpenCode } from './session.ts';

/** Modes are words after the program's name; what it is asked goes to `asked.log` in its home. */
const program = `
import { createServer } from 'node:http';
import { appendFileSync, existsSync, writeFileSync } from 'node:fs';
const mode = process.argv[2];
const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
const log = (text) => appendFileSync(process.env.HOME + '/asked.log', text + '\\n');
const auth = 'Basic ' + Buffer.from('opencode:' + process.env.OPENCODE_SERVER_PASSWORD).toString('base64');
log('start');
if (mode === 'clash' || (mode === 'clash-once' && !existsSync(process.env.HOME + '/clashed'))) {
  writeFileSync(process.env.HOME + '/clashed', '');
  console.error('Error: Unexpected error\\n\\nServeError');
  process.exit(1);
}
if (mode === 'mute') process.exit(7);
let stream = null;
let streams = 0;
const said = [];
const info = (id, role, more) => ({ type: 'message.updated', properties: { info: { id, role, sessionID: 'ses_1', modelID: 'm', providerID: 'p', ...more } } });
const part = (fields) => ({ type: 'message.part.updated', properties: { part: { sessionID: 'ses_1', ...fields } } });
const text = (id, messageID, words) => part({ type: 'text', id, messageID, text: words, time: { start: 1, end: 2 } });
const status = (type) => ({ type: 'session.status', properties: { sessionID: 'ses_1', status: { type } } });
const idle = { type: 'session.idle', properties: { sessionID: 'ses_1' } };
const send = (...events) => { for (const event of events) { said.push(event); stream?.write('data: ' + JSON.stringify(event) + '\\n\\n'); } };
let turns = 0;
function turn(words) {
  turns += 1;
  const [reply, first, second] = ['msg_a' + turns, 'prt_1' + turns, 'prt_2' + turns];
  send(info('msg_u' + said.length, 'user'), part({ type: 'text', id: 'prt_u' + said.length, messageID: 'msg_u' + said.length, text: words }), status('busy'));
  send(info(reply, 'assistant', { time: { created: 1 } }), part({ type: 'step-start', id: first, messageID: reply }));
  if (mode === 'die') return setTimeout(() => process.exit(3), 50);
  if (mode === 'hang') return;
  if (mode === 'ask') return send({ type: 'permission.asked', properties: { id: 'per_1', sessionID: 'ses_1' } }, { type: 'question.asked', properties: { id: 'que_1', sessionID: 'ses_1' } });
  if (mode === 'break') {
    send(text(second, reply, 'before'));
    return setTimeout(() => stream.destroy(), 50);
  }
  if (mode === 'flood') {
    const block = Buffer.alloc(1024 * 1024, 'x');
    for (let count = 0; count < 64; count += 1) { stream.write(block); process.stdout.write(block); }
    stream.write('\\n\\n');
    process.stdout.write('\\n');
  }
  if (mode === 'boast') console.log('opencode server listening on http://127.0.0.1:9');
  send(text(second, reply, 'done: ' + words), idle);
}
createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => (body += chunk));
  request.on('end', () => {
    const { pathname } = new URL(request.url, 'http://x');
    log(request.method + ' ' + pathname + ' ' + body);
    const answer = (code, value) => { response.writeHead(code, { 'content-type': 'application/json' }); response.end(JSON.stringify(value)); };
    if (request.headers.authorization !== auth) return answer(401, {});
    if (pathname === '/event') {
      streams += 1;
      stream = response;
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.write('data: {"type":"server.connected","properties":{}}\\n\\n');
    }
    if (pathname === '/session') return answer(200, { id: 'ses_1' });
    if (pathname === '/config/providers') return answer(200, { providers: [{ id: 'p', models: { m: { limit: { context: 5000 }, variants: { low: {}, high: {} } } } }] });
    if (pathname === '/session/ses_1/message') {
      const parts = [...said.filter((event) => event.properties.part?.messageID === 'msg_a1').map((event) => event.properties.part), text('prt_3', 'msg_a1', 'missed').properties.part];
      return answer(200, [{ info: info('msg_a1', 'assistant').properties.info, parts }]);
    }
    if (pathname === '/session/status') return answer(200, {});
    if (pathname.endsWith('/prompt_async')) {
      if (mode === 'refuse') return answer(500, { name: 'Broken' });
      response.writeHead(204).end();
      return turn(JSON.parse(body).parts[0].text);
    }
    if (pathname.endsWith('/abort')) { send({ type: 'session.error', properties: { sessionID: 'ses_1', error: { name: 'MessageAbortedError', data: {} } } }, idle); return answer(200, true); }
    if (pathname === '/session/ses_1') return answer(200, { id: 'ses_1', directory: '/elsewhere' });
    if (pathname.endsWith('/move-session')) return response.writeHead(204).end();
    if (pathname === '/session/ses_gone') return answer(404, {});
    answer(200, true);
  });
}).listen(port, '127.0.0.1', () => console.log('opencode server listening on http://127.0.0.1:' + port));
`;

interface Run {
  session: AgentSession;
  raw: RawLine[];
  home: string;
  asked(): string[];
  next(): Promise<AgentEvent | null>;
  until(type: AgentEvent['type']): Promise<AgentEvent[]>;
  rest(): Promise<AgentEvent[]>;
}

async function start(mode: string, order: Partial<AgentOrder> = {}): Promise<Run> {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-opencode-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true, maxRetries: 3 }));
  const [home, workspace, userHome] = ['home', 'workspace', 'user'].map((name) => join(directory, name));
  if (home === undefined || workspace === undefined || userHome === undefined) throw new Error('no directories');
  for (const made of [home, workspace, userHome]) mkdirSync(made);
  const script = join(directory, 'server.mjs');
  writeFileSync(script, program);
  const raw: RawLine[] = [];
  const session = await startOpenCode(
    {
      workspace,
      directory,
      prompt: 'Do it.',
      promptFile: join(directory, 'prompt.md'),
      environment: { PATH: process.env['PATH'] ?? '', HOME: home },
      settings: { adapter: 'opencode', slots: 1 },
      model: null,
      thinking: null,
      mcp: null,
      directories: { home, temporary: directory, userHome },
      resume: null,
      onRaw: (line) => raw.push(line),
      ...order,
    },
    [process.execPath, script, mode],
  );
  onTestFinished(async () => session.stop(0));
  const events = session.events[Symbol.asyncIterator]();
  const next = async (): Promise<AgentEvent | null> => {
    const { done, value } = await events.next();
    return done === true ? null : value;
  };
  const collect = async (isLast: (event: AgentEvent) => boolean): Promise<AgentEvent[]> => {
    const seen: AgentEvent[] = [];
    for (let event = await next(); event !== null; event = await next()) {
      seen.push(event);
      if (isLast(event)) break;
    }
    return seen;
  };
  return {
    session,
    raw,
    home,
    asked: () => readFileSync(join(home, 'asked.log'), 'utf8').trim().split('\n'),
    next,
    until: async (type) => collect((event) => event.type === type),
    rest: async () => collect(() => false),
  };
}

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Pieces that only wait for the collector are no leak. */
function heldBytes(): number {
  collect();
  return process.memoryUsage().arrayBuffers;
}

const types = (events: readonly AgentEvent[]): string[] => events.map(({ type }) => type);

test('P10 a turn, a hint, a stop: one session from prompt to end', async () => {
  const run = await start('plain');
  const first = await run.until('turn-end');
  expect(types(first)).toEqual(['session', 'message', 'turn-end']);
  expect(await run.session.hint('once more')).toBe('now');
  expect(await run.until('turn-end')).toEqual([
    { type: 'hint-seen', text: 'once more' },
    { type: 'message', text: 'done: once more' },
    { type: 'turn-end', reason: 'completed', text: 'done: once more' },
  ]);
  await run.session.stop(1_000);
  expect((await run.rest()).at(-1)).toEqual({ type: 'end', exitCode: null, signal: 'SIGTERM' });
  expect(run.session.process === null ? 'none' : lookAtProcess(run.session.process)).toBe('gone');
  expect(await run.session.hint('too late')).toBe('unsupported');
  expect(await run.session.interrupt()).toBe(false);
  expect(run.raw.filter(({ stream }) => stream === 'in').map(({ text }) => text)).toEqual([
    '{"parts":[{"type":"text","text":"Do it."}]}',
    '{"parts":[{"type":"text","text":"once more"}]}',
  ]);
});

test('I17 I19 only the first word on where the server listens counts: nothing it prints later gets the password', async () => {
  const run = await start('boast');
  await run.until('turn-end');
  await expect.poll(() => run.raw.filter(({ text }) => text.includes('listening on')).length).toBe(2);
  expect(await run.session.hint('go on')).toBe('now');
  await run.until('turn-end');
});

test('C8 a stop ends the running turn first, so that its last words are told', async () => {
  const run = await start('hang');
  await run.until('session');
  await run.session.interrupt();
  expect(await run.next()).toEqual({ type: 'turn-end', reason: 'interrupted', text: '' });
  await run.session.stop(1_000);
  expect(types(await run.rest())).toEqual(['end']);
});

test('P10 model and thinking budget go with every word', async () => {
  const run = await start('plain', { model: 'm', thinking: 'max' });
  await run.until('turn-end');
  expect(run.raw.find(({ stream }) => stream === 'in')?.text).toBe(
    '{"parts":[{"type":"text","text":"Do it."}],"model":{"providerID":"p","modelID":"m"},"variant":"high"}',
  );
  const unknown = await start('plain', { model: 'nobody' });
  expect(await unknown.rest()).toMatchObject([
    { type: 'error', critical: true, text: /no model "nobody"/ },
    { type: 'end' },
  ]);
});

test('P11 a taken port makes room for another one, and only the last failure is told', async () => {
  const run = await start('clash-once');
  const events = await run.until('turn-end');
  expect(types(events)).not.toContain('end');
  expect(types(events)).not.toContain('error');
  expect(run.asked().filter((line) => line === 'start')).toHaveLength(2);
  const never = await start('clash');
  const told = (await never.rest()).filter(({ type }) => type !== 'message');
  expect(told).toMatchObject([
    { type: 'error', critical: true, text: /ports/ },
    { type: 'end', exitCode: 1 },
  ]);
  expect(never.asked().filter((line) => line === 'start')).toHaveLength(limits.serverPortsMax);
});

test('C3 a server that ends in the middle of its work, or before it, is an error and an end', async () => {
  for (const [mode, exitCode] of [
    ['die', 3],
    ['mute', 7],
  ] as const) {
    const events = await (await start(mode)).rest();
    expect(events.slice(-2)).toMatchObject([
      { type: 'error', class: 'agent', critical: true, text: new RegExp(`exit code ${exitCode}`) },
      { type: 'end', exitCode },
    ]);
  }
});

test('P10 a server that does not take the prompt, or has not the session to go on with, is given up', async () => {
  const refused = (await (await start('refuse')).rest()).filter(({ type }) => type !== 'message');
  expect(refused).toMatchObject([{ type: 'error', critical: true, text: /did not take the prompt/ }, { type: 'end' }]);
  const lost = await (await start('plain', { resume: 'ses_gone' })).rest();
  expect(lost).toMatchObject([{ type: 'error', critical: true, text: /no session/ }, { type: 'end' }]);
});

test('B6 a session of an earlier attempt goes on in the directory of this one', async () => {
  const run = await start('plain', { resume: 'ses_1' });
  await run.until('turn-end');
  const moved = run.asked().find((line) => line.includes('move-session'));
  expect(moved).toMatch(/"sessionID":"ses_1","destination":\{"directory":"[^"]+\/workspace"\},"moveChanges":false/);
});

test('B8 a broken stream is taken up again, and what was missed is told once', async () => {
  const run = await start('break');
  const events = await run.until('turn-end');
  const words = events.flatMap((event) => (event.type === 'message' ? [event.text] : []));
  expect(words).toEqual(['before', 'missed']);
  expect(events.at(-1)).toMatchObject({ type: 'turn-end', reason: 'completed' });
  expect(run.asked().filter((line) => line.startsWith('GET /event'))).toHaveLength(2);
});

test('I20 64 MB without a newline, on the stream and on standard output, harm nobody', async () => {
  const run = await start('flood');
  const before = heldBytes();
  const events = await run.until('turn-end');
  // Buffers that nobody holds are given back a moment after the collection.
  await expect.poll(() => heldBytes() - before, { timeout: 30_000 }).toBeLessThan(16 * 1024 * 1024);
  expect(events.at(-1)).toMatchObject({ type: 'turn-end', reason: 'completed' });
  expect(run.raw.some(({ droppedBytes }) => droppedBytes > 32 * 1024 * 1024)).toBe(true);
});

test('C8 nobody is there to be asked: what is left open is allowed once, questions are sent back', async () => {
  const run = await start('ask');
  await run.until('session');
  await expect.poll(() => run.asked().join('\n')).toMatch(/POST \/permission\/per_1\/reply \{"reply":"once"\}/);
  await expect.poll(() => run.asked().join('\n')).toMatch(/POST \/question\/que_1\/reject/);
});

test("I19 the settings are a file of the user's alone, with what the agent needs and nothing more", async () => {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-opencode-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const [home, userHome, elsewhere] = [join(directory, 'h'), join(directory, 'u'), join(directory, 'elsewhere')];
  mkdirSync(join(userHome, '.config/opencode'), { recursive: true });
  mkdirSync(join(userHome, '.local/share/opencode'), { recursive: true });
  mkdirSync(home);
  writeFileSync(elsewhere, 'untouched');
  symlinkSync(elsewhere, join(home, 'orbit-opencode.json'));
  writeFileSync(join(userHome, '.local/share/opencode/auth.json'), '{"p":{"type":"api","key":"k"}}');
  writeFileSync(
    join(userHome, '.config/opencode/opencode.jsonc'),
    '{ // mine\n"model": "p/m", /* "model": "x" */ "plugin": ["./p.js"], "permission": "ask", "provider": {"p": {"options": {"baseURL": "http://a//b",}}},}',
  );
  const run = await start('plain', {
    directories: { home, temporary: directory, userHome },
    environment: { PATH: process.env['PATH'] ?? '', HOME: home },
    mcp: { name: 'orbit', command: '/bin/orbit', args: ['mcp'], environment: { ORBIT_TASK: 'T001' } },
  });
  await run.until('turn-end');
  const file = join(home, 'orbit-opencode.json');
  expect(readFileSync(elsewhere, 'utf8')).toBe('untouched');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
    model: 'p/m',
    provider: { p: { options: { baseURL: 'http://a//b' } } },
    autoupdate: false,
    share: 'disabled',
    snapshot: false,
    permission: { '*': 'allow', question: 'deny' },
    mcp: {
      orbit: { type: 'local', command: ['/bin/orbit', 'mcp'], environment: { ORBIT_TASK: 'T001' }, enabled: true },
    },
    instructions: [],
  });
  expect(existsSync(join(home, '.local/share/opencode/auth.json'))).toBe(true);
});
