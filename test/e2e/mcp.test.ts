/** `orbit mcp` as agents' programs use it: a process, its pipes, and an attempt that a runner would host. Needs a build. */
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, test } from 'vitest';
import { isRejection } from '../../src/core/rejection.ts';
import { makeCapability } from '../../src/platform/capability.ts';
import { bundle, callOrbit, makeProject, patience, type Project } from '../support/e2e.ts';
import { greet, openMcp } from '../support/mcp-pipe.ts';
import { planText } from '../support/orbit-project.ts';

const workerTools = [
  'my_task',
  'progress',
  'complete',
  'ask',
  'block',
  'handoff',
  'create_task',
  'widen_scope',
  'note',
  'search_notes',
  'send',
  'read',
];

interface Attempt {
  project: Project;
  token: number;
  /** What a runner gives its agent. */
  environment: Record<string, string>;
}

/** An attempt at T1 that a runner would host, with a workspace that holds one commit of work. */
async function attemptAt(project: Project): Promise<Attempt> {
  await using store = await project.store();
  const { directory, repository } = project;
  const base = repository.git('rev-parse', 'HEAD');
  const claimed = await store.claim(
    {
      agent: 'claude-1',
      plan: '001',
      task: '001/T1',
      byHand: false,
      leaseMs: 600_000,
      shared: [],
      base,
      workspace: directory,
      branch: 'main',
    },
    'coordinator',
    Date.now(),
  );
  if (isRejection(claimed)) throw new Error(claimed.message);
  const { token } = claimed;
  const bearer = { token, agent: 'claude-1', task: '001/T1' };
  const capability = await makeCapability(`${directory}/.git/orbit/key`, bearer);
  const identity = { ORBIT_PLAN: '001', ORBIT_TASK: 'T1', ORBIT_TOKEN: String(token), ORBIT_AGENT: 'claude-1' };
  const environment = { ...project.environment, ...identity, ORBIT_CAPABILITY: capability, ORBIT_PROJECT: directory };
  return { project, token, environment };
}

async function begin(): Promise<Attempt> {
  const project = await makeProject({ plan: planText('T1', 'T2', 'T3: T1') });
  await project.orbit('plan', '001');
  return attemptAt(project);
}

test(
  'D2 an agent learns its task, says what it does, and reports it, over each version of the protocol',
  patience,
  async () => {
    const { project, environment } = await begin();
    for (const version of ['2024-11-05', '2025-03-26', '2025-06-18']) {
      const pipe = openMcp({ directory: project.directory, environment });
      const greeting = await greet(pipe, version);
      expect(greeting.result).toMatchObject({ protocolVersion: version, serverInfo: { name: 'orbit' } });
      const { result } = await pipe.request('tools/list');
      const tools = result?.['tools'] as Record<string, unknown>[];
      expect(tools.map(({ name }) => name)).toEqual(workerTools);
      for (const tool of tools) {
        expect(tool).toMatchObject({ inputSchema: { type: 'object' }, outputSchema: { type: 'object' } });
        expect(Object.keys(tool['annotations'] as object)).toEqual(
          expect.arrayContaining(['readOnlyHint', 'idempotentHint', 'destructiveHint', 'openWorldHint']),
        );
      }
      expect((await pipe.call('my_task')).data).toMatchObject({ task: 'T1', holds: true, messages_waiting: 0 });
      expect(await pipe.end()).toEqual({ code: 0, stderr: '' });
    }
    const pipe = openMcp({ directory: project.directory, environment });
    await greet(pipe, '2025-06-18');
    const todo = [
      { text: 'read', done: true },
      { text: 'write the test', done: false },
    ];
    expect((await pipe.call('progress', { doing: 'writing\n the test', todo })).data).toEqual({
      task: 'T1',
      recorded: true,
    });
    const nothing = await pipe.call('complete');
    expect(nothing).toMatchObject({ isError: true });
    expect(nothing.text).toContain('nothing was committed for T1');
    expect(nothing.text).toContain('Next: commit your work');
    project.repository.write({ 'new.txt': 'work\n' });
    const commit = project.repository.commit('Work');
    expect((await pipe.call('complete')).data).toMatchObject({ task: 'T1', status: 'running', evidence: commit });
    expect(await pipe.end()).toEqual({ code: 0, stderr: '' });
    await using store = await project.store();
    const bodies = (await store.events({ since: 0, task: '001/T1' })).map(({ body }) => body);
    expect(bodies).toContainEqual({
      type: 'progress-told',
      token: expect.any(Number) as number,
      doing: 'writing the test',
      todo: { done: 1, total: 2, now: 'write the test' },
    });
    expect((await store.task('001/T1'))?.task.claim?.reported).toMatchObject({ commit });
  },
);

test('D2 agents talk, record findings and propose tasks, each as who they are', patience, async () => {
  const { project, environment } = await begin();
  const pipe = openMcp({ directory: project.directory, environment });
  await greet(pipe, '2025-06-18');
  await project.orbit('send', 'claude-1', 'use port 8081');
  expect((await pipe.call('my_task')).data).toMatchObject({ messages_waiting: 1 });
  expect((await pipe.call('read')).data).toMatchObject({ messages: [{ from: 'person', text: 'use port 8081' }] });
  expect((await pipe.call('read')).data).toEqual({ messages: [], more: 0 });
  expect((await pipe.call('send', { to: 'person', text: 'done with the port' })).isError).toBe(false);
  expect((await pipe.call('note', { title: 'Ports', text: 'tests need 8081', kind: 'gotcha' })).isError).toBe(false);
  expect((await pipe.call('search_notes', { words: '8081' })).data).toMatchObject({
    notes: [{ title: 'Ports', author: 'claude-1', task: '001/T1' }],
  });
  const made = await pipe.call('create_task', { title: 'Test the port', needs: ['T1'] });
  expect(made.data).toMatchObject({ plan: '001', status: 'blocked' });
  await pipe.end();
  const inbox = (await project.orbit('read', '--for', 'person', '--json')).json;
  expect(inbox).toMatchObject({ messages: [{ from: 'claude-1', text: 'done with the port' }] });
});

test('B6 a question, a blocker and a handoff end the attempt, and later calls say so', patience, async () => {
  const { project, environment } = await begin();
  const first = openMcp({ directory: project.directory, environment });
  await greet(first, '2025-06-18');
  const blocked = await first.call('block', { reason: 'the parser is broken', new_task: { title: 'Mend the parser' } });
  expect(blocked.data).toMatchObject({ task: 'T1', status: 'blocked' });
  expect(blocked.text).toContain('stop now');
  for (const [name, args] of [
    ['progress', { doing: 'x' }],
    ['ask', { question: 'which?' }],
    ['handoff', { notes: 'half' }],
    ['complete', { no_changes: 'none' }],
  ] as const) {
    const late = await first.call(name, args);
    expect([name, late.isError]).toEqual([name, true]);
    expect(late.text).toContain('[lease-lost]');
  }
  expect((await first.call('my_task')).data).toMatchObject({ holds: false });
  await first.end();
  const tasks = (await project.orbit('list', '--json')).json as { tasks: { title: string }[] };
  expect(tasks.tasks.map(({ title }) => title)).toContain('Mend the parser');
});

test(
  'I12 messages count as read when the client has gone on or ended, not when it is killed with them',
  patience,
  async () => {
    const { project, environment } = await begin();
    await project.orbit('send', 'claude-1', 'use port 8081');
    const waiting = async (): Promise<number> => {
      await using store = await project.store();
      return (await store.messages({ to: 'claude-1' })).length;
    };
    const killed = openMcp({ directory: project.directory, environment });
    await greet(killed, '2025-06-18');
    expect((await killed.call('read')).data).toMatchObject({ messages: [{ text: 'use port 8081' }], more: 0 });
    await killed.kill();
    expect(await waiting()).toBe(1);
    const ended = openMcp({ directory: project.directory, environment });
    await greet(ended, '2025-06-18');
    expect((await ended.call('read')).data).toMatchObject({ messages: [{ text: 'use port 8081' }] });
    expect(await ended.end()).toEqual({ code: 0, stderr: '' });
    expect(await waiting()).toBe(0);
  },
);

test('B5 B6 long notes and questions reach who goes on as they are', patience, async () => {
  const { project, environment } = await begin();
  const first = openMcp({ directory: project.directory, environment });
  await greet(first, '2025-06-18');
  const notes = `${'The writer is done and the reader is not. '.repeat(400)}The next step is the reader.`;
  expect((await first.call('handoff', { notes })).isError).toBe(false);
  await first.end();
  const second = await attemptAt(project);
  const pipe = openMcp({ directory: project.directory, environment: second.environment });
  await greet(pipe, '2025-06-18');
  const question = `${'One could do this, or that. '.repeat(400)}Which?`;
  expect((await pipe.call('ask', { question })).isError).toBe(false);
  await pipe.end();
  await using store = await project.store();
  const attempts = await store.attempts({ task: '001/T1' });
  expect(attempts[0]?.notes?.slice(-40)).toBe(notes.slice(-40));
  expect((await store.task('001/T1'))?.task.inbox?.reason.slice(-20)).toBe(question.slice(-20));
});

test('B6 a question goes to the inbox of a person', patience, async () => {
  const { project, environment } = await begin();
  const pipe = openMcp({ directory: project.directory, environment });
  await greet(pipe, '2025-06-18');
  expect((await pipe.call('ask', { question: 'keep the old flag?' })).data).toMatchObject({ status: 'needs-you' });
  await pipe.end();
  expect((await project.orbit('inbox')).stdout).toContain('keep the old flag?');
});

test(
  'I17 identity comes from the environment: a wrong capability may do nothing, no argument helps',
  patience,
  async () => {
    const { project, environment } = await begin();
    const forged = openMcp({
      directory: project.directory,
      environment: { ...environment, ORBIT_CAPABILITY: '1.abcdef' },
    });
    await greet(forged, '2025-06-18');
    for (const [name, args] of [
      ['my_task', {}],
      ['send', { to: 'person', text: 'hello' }],
      ['note', { title: 'a', text: 'b' }],
      ['create_task', { title: 'a' }],
      ['complete', { no_changes: 'x' }],
    ] as const) {
      const answer = await forged.call(name, args);
      expect([name, answer.isError]).toEqual([name, true]);
      expect(answer.text).toContain('[not-yours]');
    }
    await forged.end();
    const unknown = openMcp({ directory: project.directory, environment: { ...environment, ORBIT_TOKEN: '987654' } });
    await greet(unknown, '2025-06-18');
    for (const [name, args] of [
      ['send', { to: 'person', text: 'hello' }],
      ['note', { title: 'a', text: 'b' }],
    ] as const)
      expect((await unknown.call(name, args)).text).toContain('[unknown-attempt]');
    await unknown.end();
    const own = openMcp({ directory: project.directory, environment });
    await greet(own, '2025-06-18');
    const other = await own.call('complete', { task: 'T2', no_changes: 'x' });
    expect(other).toMatchObject({ isError: true });
    expect(other.text).toContain('task');
    await own.end();
    await using store = await project.store();
    expect(await store.messages({ to: 'person' })).toEqual([]);
    expect((await store.task('001/T1'))?.task.claim).not.toBeNull();
  },
);

test('I20 nothing that a client sends ends the server', patience, async () => {
  const { project, environment } = await begin();
  const pipe = openMcp({ directory: project.directory, environment });
  await greet(pipe, '2025-06-18');
  pipe.write('no json\n');
  expect((await pipe.next()).error).toMatchObject({ code: -32_700 });
  pipe.write('\n\r\n[]\n');
  expect((await pipe.next()).error).toMatchObject({ code: -32_600 });
  pipe.write('{"jsonrpc":"2.0","id":"odd","method":7}\n');
  expect(await pipe.next()).toMatchObject({ id: 'odd', error: { code: -32_600 } });
  expect((await pipe.request('no/such/method')).error).toMatchObject({ code: -32_601 });
  expect((await pipe.request('tools/call', { name: 'no_such_tool' })).error).toBeDefined();
  expect((await pipe.call('progress', { doing: 5 })).isError).toBe(true);
  expect((await pipe.call('progress')).text).toContain('doing');
  const huge = 'x'.repeat(12_000_000);
  for (const place of [
    { id: 'front', method: 'tools/call', params: { name: 'note', arguments: { title: huge } } },
    { method: 'tools/call', params: { name: 'note', arguments: { text: huge } }, jsonrpc: '2.0', id: 'back' },
  ]) {
    pipe.write(`${JSON.stringify({ jsonrpc: '2.0', ...place })}\n`);
    expect(await pipe.next()).toMatchObject({ id: place.id, error: { code: -32_600 } });
  }
  expect((await pipe.call('note', { title: 'a', text: 'y'.repeat(500_000) })).isError).toBe(true);
  pipe.write(Buffer.from([0xff, 0xfe, 0x0a]).toString('latin1'));
  expect((await pipe.next()).error).toMatchObject({ code: -32_700 });
  expect((await pipe.call('my_task')).data).toMatchObject({ task: 'T1' });
  expect((await pipe.end()).code).toBe(0);
});

test('E6 an observer has tools that look, and outside a project they say what to do', patience, async () => {
  const { project } = await begin();
  const args = ['--role', 'observer'];
  const pipe = openMcp({ directory: project.directory, environment: project.environment, args });
  await greet(pipe, '2025-06-18');
  const { result } = await pipe.request('tools/list');
  const tools = result?.['tools'] as { name: string; annotations: { readOnlyHint: boolean } }[];
  expect(tools.map(({ name }) => name)).toEqual(['list_tasks', 'ready_tasks', 'show_task', 'why_task']);
  expect(tools.every(({ annotations }) => annotations.readOnlyHint)).toBe(true);
  expect((await pipe.call('list_tasks', { limit: 1 })).data).toMatchObject({ tasks: [{ id: '001/T1' }], more: true });
  expect((await pipe.call('ready_tasks')).data).toMatchObject({ tasks: [{ id: '001/T2' }] });
  expect((await pipe.call('why_task', { task: 'T3' })).data).toMatchObject({
    because: [{ rule: 'dependency' }, { rule: 'no-coordinator' }],
  });
  expect((await pipe.call('show_task', { task: 'T1' })).data).toMatchObject({ attempts: [{ agent: 'claude-1' }] });
  await pipe.end();
  const outside = openMcp({ directory: project.outside, environment: project.environment, args });
  await greet(outside, '2025-06-18');
  expect((await outside.call('list_tasks')).text).toContain('[not-a-repository]');
  expect((await outside.end()).code).toBe(0);
  expect(project.processes()).toEqual([]);
});

test('D2 the reference client of the current protocol gets along with it', patience, async () => {
  const { project, environment } = await begin();
  for (const mode of ['legacy', 'auto'] as const) {
    const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
    const server = { command: process.execPath, args: [bundle, 'mcp'], env: environment, cwd: project.directory };
    await client.connect(new StdioClientTransport(server));
    expect((await client.listTools()).tools.map(({ name }) => name)).toEqual(workerTools);
    const answer = await client.callTool({ name: 'my_task', arguments: {} });
    expect(answer.structuredContent).toMatchObject({ task: 'T1', holds: true });
    const refused = await client.callTool({ name: 'complete', arguments: {} });
    expect(refused.isError).toBe(true);
    await client.close();
  }
});

test('D11 the command line tells progress as the tool does', patience, async () => {
  const { project, environment } = await begin();
  const beat = await callOrbit(['beat', '--doing', 'reading the parser', '--json'], {
    directory: project.directory,
    environment,
  });
  expect([beat.code, beat.json]).toMatchObject([0, { task: 'T1' }]);
  await using store = await project.store();
  const bodies = (await store.events({ since: 0, task: '001/T1' })).map(({ body }) => body);
  expect(bodies.at(-1)).toMatchObject({ type: 'progress-told', doing: 'reading the parser', todo: null });
});

test('I19 what an agent tells shows neither its capability nor a key of its process', patience, async () => {
  const { project, environment } = await begin();
  const key = 'sk-ant-api03-Very/Secret+Value';
  const pipe = openMcp({ directory: project.directory, environment: { ...environment, SOME_API_KEY: key } });
  await greet(pipe, '2025-06-18');
  const capability = environment['ORBIT_CAPABILITY'] ?? '';
  const words = `key ${key}, capability ${capability}, ${Buffer.from(`x${key}`).toString('base64')}`;
  await pipe.call('progress', { doing: words, todo: [{ text: words, done: false }] });
  await pipe.call('send', { to: 'person', text: words });
  await pipe.call('note', { title: words, text: words });
  await pipe.call('ask', { question: words });
  await pipe.end();
  const events = (await project.orbit('events', '--json')).stdout;
  const told = [events, (await project.orbit('read', '--for', 'person')).stdout, (await project.orbit('inbox')).stdout];
  for (const text of told) {
    expect(text).toContain('[secret]');
    for (const secret of [key, capability, 'zay1hbnQtYXBpMDMtVmVyeS9TZWNyZXQrVmFsdW'])
      expect(text).not.toContain(secret);
  }
});
