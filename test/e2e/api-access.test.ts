/** Who may call the API: the built server over real connections, with every header that a page, a name or a thief could bring. */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { routes } from '../../src/api/routes.ts';
import { callApi, serveApi, type ServedApi } from '../support/api.ts';
import { makeProject, patience, type Project } from '../support/e2e.ts';
import { hostedAttempt } from '../support/hosted-attempt.ts';
import { planText } from '../support/orbit-project.ts';

interface Door {
  method: string;
  path: string;
  who: readonly string[];
}

/** Ids that are there. */
const values: Readonly<Record<string, string>> = { plan: '001', task: 'T1', token: '1', id: '1', account: 'none' };

/** Every route that answers data. */
const doors: readonly Door[] = [
  ...routes.map(({ method, path, who }) => ({ method: method.toUpperCase(), path: fill(path), who })),
  { method: 'GET', path: '/api/stream', who: ['person', 'observer'] },
  { method: 'GET', path: '/metrics', who: ['person', 'observer'] },
  { method: 'POST', path: '/mcp', who: ['person', 'attempt'] },
  { method: 'GET', path: '/api/openapi.json', who: ['person', 'observer', 'attempt'] },
  { method: 'GET', path: '/api/session', who: ['person', 'observer', 'attempt'] },
  { method: 'POST', path: '/api/session/codes', who: ['person'] },
];

function fill(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, (_text, name: string) => values[name] ?? 'none');
}

async function served(): Promise<{ project: Project; api: ServedApi }> {
  const project = await makeProject({ plan: planText('T1', 'T2'), settings: {} });
  await project.orbit('list');
  return { project, api: await serveApi(project) };
}

/** A body that is JSON and fits nothing, so that what gets through the guard changes nothing. */
const misfit = { body: { misfit: true } };

test(
  'S1 I17 no page of another origin, no other name and no stranger gets anything from any route',
  patience,
  async () => {
    const { api } = await served();
    const { host, port } = new URL(api.url);
    const foreign: Record<string, string>[] = [
      { Host: 'evil.example' },
      { Host: `evil.example:${port}` },
      { Host: `127.0.0.1.evil.example:${port}` },
      { Host: `localhost.:${port}` },
      { Host: '127.0.0.1:1' },
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: `http://localhost:${Number(port) + 1}` },
      { Origin: `https://${host}` },
      { Origin: `http://${host}.evil.example` },
      { 'Sec-Fetch-Site': 'cross-site' },
      { 'Sec-Fetch-Site': 'same-site' },
      { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'navigate', 'Sec-Fetch-Dest': 'document' },
      { 'Sec-Fetch-Site': 'cross-site', 'Sec-Fetch-Mode': 'no-cors', 'Sec-Fetch-Dest': 'script' },
      { 'X-Forwarded-Host': host, Host: 'evil.example' },
    ];
    const passed: string[] = [];
    for (const { method, path } of doors) {
      for (const headers of foreign) {
        const answer = await api.call(method, path, { headers, ...(method === 'GET' ? {} : misfit) });
        if (answer.status !== 403 && answer.status !== 421)
          passed.push(`${method} ${path} ${JSON.stringify(headers)}: ${answer.status}`);
      }
      for (const token of [null, '', 'orbit_', `${api.token}0`, api.token.slice(0, -1), '1.' + 'a'.repeat(64)]) {
        const answer = await api.call(method, path, { token, ...(method === 'GET' ? {} : misfit) });
        if (answer.status !== 401 && answer.status !== 429)
          passed.push(`${method} ${path} token ${token}: ${answer.status}`);
        expect(answer.headers['access-control-allow-origin']).toBeUndefined();
      }
    }
    expect(doors.length).toBeGreaterThan(30);
    expect(passed).toEqual([]);
  },
);

test('S3 I17 each route answers the roles that it declares and no other', patience, async () => {
  const { project, api } = await served();
  const { capability } = await hostedAttempt(project, { task: 'T1', agent: 'claude-1' });
  const observer = (await project.orbit('open', '--token', '--observer')).stdout.trim();
  const tokens = { person: api.token, observer, attempt: capability };
  const wrong: string[] = [];
  for (const { method, path, who } of doors) {
    expect(who.length, path).toBeGreaterThan(0);
    for (const [role, token] of Object.entries(tokens)) {
      const answer = await api.call(method, path, { token, ...(method === 'GET' ? {} : misfit) });
      const isOpen = answer.status !== 403 && answer.status !== 401;
      if (isOpen !== who.includes(role))
        wrong.push(`${role} ${method} ${path}: ${answer.status} ${answer.text.slice(0, 80)}`);
    }
  }
  expect(wrong).toEqual([]);
});

test('S3 an attempt speaks as itself, reads its own messages, and is nobody once it has ended', patience, async () => {
  const { project, api } = await served();
  const { token, capability } = await hostedAttempt(project, { task: 'T1', agent: 'claude-1' });
  const sent = await api.call('POST', '/api/messages', { token: capability, body: { to: 'claude-2', text: 'Mine.' } });
  expect([sent.status, sent.json()]).toMatchObject([201, { from: 'claude-1', to: 'claude-2' }]);
  const forged = await api.call('POST', '/api/messages', {
    token: capability,
    body: { to: 'claude-2', text: 'Yours.', from: 'person' },
  });
  expect(forged.status).toBe(400);
  expect((await api.call('GET', '/api/messages?to=claude-2', { token: capability })).status).toBe(403);
  expect((await api.call('GET', '/api/messages?to=claude-2')).json()).toMatchObject({ items: [{ from: 'claude-1' }] });
  {
    await using store = await project.store();
    const execution = { actor: 'claude-1', now: Date.now(), durable: true };
    await store.execute('001/T1', { type: 'release', token, reason: 'over', commit: null }, execution);
  }
  expect((await api.call('GET', '/api/tasks', { token: capability })).status).toBe(401);
});

test('S3 an attempt gets no more over MCP than a worker has', patience, async () => {
  const { project, api } = await served();
  const { capability } = await hostedAttempt(project, { task: 'T1', agent: 'claude-1' });
  const headers = { Accept: 'application/json, text/event-stream' };
  const ask = async (method: string, params: object): Promise<string> => {
    const body = { jsonrpc: '2.0', id: 1, method, params };
    return (await api.call('POST', '/mcp', { token: capability, headers, body })).text;
  };
  const before = (await project.orbit('events', '--json')).stdout;
  expect(await ask('tools/list', {})).toContain('"my_task"');
  for (const name of ['spawn_agent', 'pause_orchestrator', 'shutdown_orchestrator', 'terminate_agent'])
    expect(await ask('tools/call', { name, arguments: {} })).toMatch(/not found/i);
  for (const uri of ['orbit://tasks/001/T2', 'orbit://attempts/1/log', 'orbit://plans/001'])
    expect(await ask('resources/read', { uri })).toMatch(/not found/i);
  expect(await ask('prompts/get', { name: 'plan', arguments: { goal: 'x' } })).toMatch(/not found/i);
  expect((await project.orbit('events', '--json')).stdout).toBe(before);
});

test('S1 a link signs one browser in, once; its cookie is strict and lives through a restart', patience, async () => {
  const { project, api } = await served();
  const { port } = new URL(api.url);
  const code = new URL(api.link).hash.slice('#code='.length);
  const opened = await api.call('POST', '/api/session', { token: null, body: { code } });
  expect(opened.status).toBe(200);
  const [cookie = ''] = opened.headers['set-cookie'] ?? [];
  expect(cookie).toMatch(/; HttpOnly/);
  expect(cookie).toMatch(/; SameSite=Strict/);
  expect(cookie.startsWith(`orbit_${port}=`)).toBe(true);
  const again = await api.call('POST', '/api/session', { token: null, body: { code } });
  expect([again.status, again.json()]).toMatchObject([401, { code: 'unauthenticated' }]);

  const session = { token: null, headers: { Cookie: cookie.slice(0, cookie.indexOf(';')) } };
  expect((await api.call('GET', '/api/tasks', session)).status).toBe(200);
  const forged = session.headers.Cookie.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
  expect((await api.call('GET', '/api/tasks', { ...session, headers: { Cookie: forged } })).status).toBe(401);
  expect(await api.close()).toBe(0);

  const restarted = await serveApi(project, ['--port', port]);
  expect(restarted.url).toBe(api.url);
  expect(restarted.token).toBe(api.token);
  expect((await restarted.call('GET', '/api/tasks', session)).status).toBe(200);
  const fresh = await project.orbit('open', '--print');
  expect(fresh.stdout).toMatch(new RegExp(`^http://127\\.0\\.0\\.1:${port}/#code=[\\w-]{43}\n$`));
});

test('S2 a session that a named token opened ends with that token', patience, async () => {
  const token = 'a-token-that-Ann-made-for-herself';
  const ann = { sha256: createHash('sha256').update(token).digest('hex'), role: 'person' };
  const project = await makeProject({ plan: planText('T1'), settings: { apiTokens: { ann } } });
  await project.orbit('list');
  const api = await serveApi(project);
  const { port } = new URL(api.url);
  const { code } = (await api.call('POST', '/api/session/codes', { token })).json();
  const opened = await api.call('POST', '/api/session', { token: null, body: { code } });
  expect(opened.json()).toEqual({ name: 'ann', role: 'person' });
  const [cookie = ''] = opened.headers['set-cookie'] ?? [];
  const session = { token: null, headers: { Cookie: cookie.slice(0, cookie.indexOf(';')) } };
  expect((await api.call('GET', '/api/tasks', session)).status).toBe(200);
  for (const changed of [{ ann: { ...ann, expires: '2020-01-01' } }, { ann: { ...ann, role: 'observer' } }, {}]) {
    expect(await api.close()).toBe(0);
    writeFileSync(join(project.directory, 'orbit.config.json'), JSON.stringify({ apiTokens: changed }));
    const restarted = await serveApi(project, ['--port', port]);
    expect([changed, (await restarted.call('GET', '/api/tasks', session)).status]).toEqual([changed, 401]);
    await restarted.close();
  }
});

test('S1 refused tries from one address are slowed down', patience, async () => {
  const { api } = await served();
  const statuses = new Set<number>();
  for (let tries = 0; tries < 80; tries += 1) {
    statuses.add(
      (await api.call('POST', '/api/session', { token: null, body: { code: `${tries}`.padStart(43, 'x') } })).status,
    );
  }
  expect([...statuses]).toEqual([401, 429]);
  expect((await api.call('GET', '/api/tasks')).status).toBe(200);
});

test('S1 no body is kept beyond the limit, whether its length is told before or not', patience, async () => {
  const { api } = await served();
  const text = 'x'.repeat(1_100_000);
  for (const chunked of [false, true]) {
    const order = { body: { to: 'claude-1', text }, chunked };
    const sent = await api.call('POST', '/api/messages', order);
    expect([chunked, sent.status, sent.json()['code']]).toEqual([chunked, 413, 'body-too-large']);
    const stranger = await api.call('POST', '/api/session', { body: { code: text }, chunked, token: null });
    expect([chunked, stranger.status, stranger.json()['code']]).toEqual([chunked, 413, 'body-too-large']);
    const tool = await api.call('POST', '/mcp', {
      ...order,
      headers: { Accept: 'application/json, text/event-stream' },
    });
    expect([chunked, tool.status]).toEqual([chunked, 413]);
  }
  const small = { body: { to: 'claude-1', text: 'short' }, chunked: true };
  expect((await api.call('POST', '/api/messages', small)).status).toBe(201);
});

test('S2 it listens at this machine alone, and elsewhere only with TLS and tokens', patience, async () => {
  const { project } = await served();
  for (const host of ['0.0.0.0', '::', '192.0.2.1']) {
    const answer = await project.orbit('serve', '--host', host, '--port', '0');
    expect([answer.code, answer.stderr]).toEqual([
      2,
      expect.stringContaining('api.tlsCert and api.tlsKey and apiTokens'),
    ]);
  }
});

test(
  'S2 with TLS it is opened by its own certificate alone, also where it listens at all addresses',
  patience,
  async () => {
    const project = await makeProject({ plan: planText('T1'), settings: {} });
    await project.orbit('list');
    const token = 'a-token-that-Ann-made-for-herself';
    const ann = { sha256: createHash('sha256').update(token).digest('hex'), role: 'person' };
    const use = async (name: string): Promise<void> => {
      const api = await selfSigned(project.outside, name);
      writeFileSync(join(project.directory, 'orbit.config.json'), JSON.stringify({ apiTokens: { ann }, api }));
    };
    await use('one');
    const local = await serveApi(project);
    const opened = await project.orbit('open', '--print');
    expect([opened.stderr, opened.stdout]).toEqual(['', expect.stringContaining(`${local.url}/#code=`)]);
    await use('other');
    const refused = await project.orbit('open', '--print');
    expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('does not answer')]);
    await local.close();
    const wide = await serveApi(project, ['--host', '0.0.0.0', '--port', '0']);
    expect(wide.url).toMatch(/^https:\/\/localhost:\d+$/);
    expect((await project.orbit('open', '--print')).stdout).toContain(`${wide.url}/#code=`);
  },
);

/** A certificate that nobody else signed, for a name that no server has. */
async function selfSigned(directory: string, name: string): Promise<{ tlsCert: string; tlsKey: string }> {
  const made = { tlsCert: join(directory, `${name}-cert.pem`), tlsKey: join(directory, `${name}-key.pem`) };
  const options = ['-newkey', 'rsa:2048', '-nodes', '-days', '2', '-subj', '/CN=nowhere.example'];
  await promisify(execFile)('openssl', ['req', '-x509', ...options, '-keyout', made.tlsKey, '-out', made.tlsCert]);
  return made;
}

test(
  'a port that is taken is no failure, the first server is found again, and nothing answers after the end',
  patience,
  async () => {
    const { project, api } = await served();
    const { port } = new URL(api.url);
    const second = await serveApi(project, ['--port', port]);
    expect(second.url).not.toBe(api.url);
    expect((await second.call('GET', '/api/tasks')).status).toBe(200);
    const newest = await project.orbit('open', '--print');
    expect(newest.stdout).toContain(`${second.url}/#code=`);
    expect(await second.close()).toBe(0);
    await expect(callApi(second.url, { method: 'GET', path: '/api/tasks', token: api.token })).rejects.toThrow(
      'ECONNREFUSED',
    );
    const other = await project.orbit('open', '--print');
    expect(other.stdout).toContain(`${api.url}/#code=`);
    await api.kill();
    const closed = await project.orbit('open', '--print');
    expect([closed.code, closed.stderr]).toEqual([2, expect.stringContaining('no server of this project runs')]);
  },
);
