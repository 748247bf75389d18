/** The orchestrator's tools over MCP, with the reference client, on real runners and agents. Needs a build. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Client } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { expect, onTestFinished, test } from 'vitest';
import { landedTasks } from '../support/e2e-git.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { bundle, callOrbit, makeProject, patience, type Project } from '../support/e2e.ts';
import { makeRepository } from '../support/repository.ts';

const names = [
  'init_orchestrator',
  'get_orchestrator',
  'pause_orchestrator',
  'resume_orchestrator',
  'shutdown_orchestrator',
  'spawn_agent',
  'spawn_agents_auto',
  'list_agents',
  'get_agent',
  'get_agents_by_module',
  'terminate_agent',
  'get_work_queue',
  'get_next_work',
  'get_orchestration_progress',
  'get_orchestration_events',
  'render_orchestration_terminal',
  'run_autonomous_cycle',
];

interface Called {
  isError: boolean;
  text: string;
  data: Record<string, unknown>;
}

interface Session {
  client: Client;
  call: (name: string, args?: Record<string, unknown>) => Promise<Called>;
}

interface Place {
  directory: string;
  environment: Readonly<Record<string, string>>;
}

async function connect(place: Place, args: readonly string[] = [], mode: 'legacy' | 'auto' = 'auto'): Promise<Session> {
  const { directory, environment } = place;
  const client = new Client({ name: 'test', version: '1' }, { versionNegotiation: { mode } });
  const server = { command: process.execPath, args: [bundle, 'mcp', ...args], env: { ...environment }, cwd: directory };
  await client.connect(new StdioClientTransport(server));
  onTestFinished(async () => client.close());
  return {
    client,
    async call(name, given = {}) {
      const answer = await client.callTool({ name, arguments: given });
      const [{ text } = { text: '' }] = answer.content as { text: string }[];
      const data = (answer.structuredContent ?? {}) as Record<string, unknown>;
      return { isError: answer.isError === true, text, data };
    },
  };
}

function tell(project: Project, name: string): void {
  const meet = join(project.outside, 'meet');
  mkdirSync(meet, { recursive: true });
  writeFileSync(join(meet, name), '');
}

const plan = planText({
  'T001 First': ['Files: a.txt'],
  'T002 Second': ['Files: b.txt'],
  'T003 Third': ['Dependencies: T001'],
});

test(
  'E6 E1 a person has the seventeen names, with schemas and annotations, over old and new clients',
  patience,
  async () => {
    const project = await makeProject({ plan, settings: shellSettings(2) });
    for (const mode of ['legacy', 'auto'] as const) {
      const { client, call } = await connect(project, [], mode);
      const { tools } = await client.listTools();
      expect(tools.map(({ name }) => name)).toEqual(names);
      for (const tool of tools) {
        expect(tool.inputSchema).toMatchObject({ type: 'object' });
        expect(tool.outputSchema).toMatchObject({ type: 'object' });
        expect(tool.annotations).toMatchObject({ readOnlyHint: expect.any(Boolean) as boolean });
      }
      expect((await call('get_orchestrator')).data).toMatchObject({
        state: 'no-coordinator',
        settings: { defaultConcurrencyMode: 'parallel-threads', heartbeatTimeoutMs: 30_000, defaultMaxRetries: 3 },
        concurrency: { mode: 'parallel-async' },
        plans: [{ plan: '001', total: 3 }],
      });
    }
  },
);

test(
  'E2 E3 E4 E5 a cycle puts agents on what matters most, and everything about it can be asked',
  patience,
  async () => {
    const project = await makeProject({
      plan,
      settings: shellSettings(2),
      files: {
        'agent.sh': shellAgent(
          'T00[12]-1) await go; echo x > "$( [ $ORBIT_TASK = T001 ] && echo a || echo b ).txt"; save ;;',
        ),
      },
    });
    const { call } = await connect(project);
    expect((await call('get_next_work', { limit: 1 })).data).toMatchObject({ next: [{ task: '001/T001' }], more: 1 });
    const cycle = (await call('run_autonomous_cycle')).data;
    expect(cycle).toMatchObject({ agentsSpawned: 2, refused: [], concurrency: { mode: 'parallel-async' }, idle: null });
    expect(cycle['cycleId']).toEqual(expect.any(String));
    const [module = ''] = cycle['modulesTargeted'] as string[];
    expect((await call('get_agents_by_module', { module })).data).toMatchObject({ module });
    const agents = (await call('list_agents')).data['agents'] as { id: string; agent: string }[];
    expect(agents.map(({ agent }) => agent).toSorted()).toEqual(['sh-1', 'sh-2']);
    expect((await call('get_agent', { id: agents[0]?.id ?? '' })).data).toMatchObject({
      status: 'working',
      outcome: null,
    });
    expect((await call('get_orchestrator')).data).toMatchObject({ state: 'running' });
    expect((await call('run_autonomous_cycle')).data).toMatchObject({
      agentsSpawned: 0,
      idle: expect.any(String) as string,
    });
    expect((await call('get_work_queue')).data).toMatchObject({
      counts: { pending: 1, 'in-progress': 2, completed: 0 },
    });
    expect((await call('render_orchestration_terminal')).data['text']).toContain('sh-1');
    const events = (await call('get_orchestration_events', { limit: 200 })).data;
    expect(events).toMatchObject({ more: false });
    tell(project, 'go');
    const cursor = events['nextCursor'] as string;
    let seen: string[] = [];
    for (let at = cursor; !seen.includes('task-landed');) {
      const next = (await call('get_orchestration_events', { cursor: at, limit: 200 })).data;
      at = next['nextCursor'] as string;
      seen = [...seen, ...(next['events'] as { type: string }[]).map(({ type }) => type)];
    }
    await call('shutdown_orchestrator', { reason: 'enough' });
    expect((await call('get_orchestration_progress')).data).toMatchObject({ total: 3, leader: null });
    expect(landedTasks(project.repository).length).toBeGreaterThan(0);
  },
);

test('E1 E2 pause and resume, refusals that say what to do, and an agent ended for real', patience, async () => {
  const project = await makeProject({
    plan,
    settings: shellSettings(1),
    files: { 'agent.sh': shellAgent('T001-1) await go; own ;;') },
  });
  const { call } = await connect(project);
  expect((await call('pause_orchestrator', { reason: 'lunch' })).data).toMatchObject({ paused: ['001'] });
  const refused = await call('spawn_agent', { task: 'T001' });
  expect(refused).toMatchObject({ isError: true });
  expect(refused.text).toContain('[plan-paused]');
  expect(refused.text).toContain('Next: ');
  expect((await call('resume_orchestrator')).data).toMatchObject({ paused: [] });
  const spawned = (await call('spawn_agent', { task: '001/T001', loop: 'engineering-loop' })).data;
  expect(spawned).toMatchObject({ state: 'ready', agent: 'sh-1', module: expect.any(String) as string });
  const ended = (await call('terminate_agent', { id: spawned['id'], hold: true })).data;
  expect(ended).toMatchObject({ outcome: 'released', status: 'waiting' });
  expect((await call('get_agent', { id: 'sh-1' })).text).toContain('Next: nobody is at work');
  for (const [name, args, code] of [
    ['spawn_agent', { module: 'nothing' }, 'unknown-module'],
    ['spawn_agent', { task: 'T009' }, 'unknown-task'],
    ['get_orchestration_events', { cursor: 'x' }, 'bad-cursor'],
    ['get_agents_by_module', { module: 'nothing' }, 'unknown-module'],
  ] as const)
    expect((await call(name, args)).text).toContain(`[${code}]`);
});

test('E1 init_orchestrator makes a repository a project', patience, async () => {
  const repository = makeRepository();
  onTestFinished(() => repository.dispose());
  repository.write({ 'README.md': 'x\n' });
  repository.commit('Start');
  const environment = { PATH: process.env['PATH'] ?? '', HOME: join(repository.directory, '..', 'home'), USER: 'ada' };
  const { call } = await connect({ directory: repository.directory, environment });
  expect((await call('get_orchestrator')).text).toContain('[not-a-project]');
  expect((await call('init_orchestrator', { systemId: 'shop-1' })).data).toMatchObject({ systemId: 'shop-1' });
  expect((await call('get_orchestrator')).data).toMatchObject({
    systemId: 'shop-1',
    state: 'no-coordinator',
    plans: [],
  });
});

test(
  'D1 D2 a manager delegates: independent tasks only, with messages and progress, and no tool to edit',
  patience,
  async () => {
    const project = await makeProject({
      plan,
      settings: shellSettings(2),
      files: { 'agent.sh': shellAgent('T00[12]-1) await go; own ;;') },
    });
    const { client, call } = await connect(project, ['--role', 'manager']);
    const { tools } = await client.listTools();
    expect(tools.length).toBeLessThanOrEqual(12);
    const refused = await call('execute_parallel', { tasks: ['T001', 'T003'] });
    expect(refused.text).toContain('001/T003 needs 001/T001 [not-independent]');
    const started = (await call('execute_parallel', { tasks: ['T001', 'T002'] })).data;
    expect(started).toMatchObject({ refused: [], concurrency: { mode: 'parallel-async' } });
    const agents = started['spawned'] as { id: string; agent: string }[];
    expect(agents.map(({ agent }) => agent).toSorted()).toEqual(['sh-1', 'sh-2']);
    expect((await call('send', { to: 'sh-1', text: 'use port 8081' })).isError).toBe(false);
    expect((await call('get_progress')).data).toMatchObject({ total: 3, counts: { running: 2 } });
    expect((await call('execute_parallel', { tasks: ['T001', 'T002', 'a', 'b', 'c', 'd'] })).isError).toBe(true);
    for (const { id } of agents) expect((await call('terminate_agent', { id })).isError).toBe(false);
    expect((await call('get_progress')).data).toMatchObject({ counts: { running: 0 } });
  },
);

test('I17 an attempt has the tools of a worker whatever flag it gives', patience, async () => {
  const project = await makeProject({ plan, settings: shellSettings(1) });
  const identity = { ORBIT_TOKEN: '1', ORBIT_AGENT: 'sh-1', ORBIT_TASK: 'T001', ORBIT_PLAN: '001' };
  const asAttempt = { ...project.environment, ...identity };
  const { directory } = project;
  const flagged = await callOrbit(['mcp', '--role', 'orchestrator', '--json'], { directory, environment: asAttempt });
  expect([flagged.code, flagged.json]).toMatchObject([3, { error: { code: 'not-yours' } }]);
  const { client } = await connect({ directory, environment: asAttempt });
  expect((await client.listTools()).tools.map(({ name }) => name)).not.toContain('spawn_agent');
  const unknown = await callOrbit(['mcp', '--role', 'lander', '--json'], project);
  expect([unknown.code, unknown.json]).toMatchObject([2, { error: { code: 'bad-flag' } }]);
});

test('plans, tasks and logs are resources, and prompts say how to begin', patience, async () => {
  const project = await makeProject({ plan, settings: shellSettings(1), files: { 'agent.sh': shellAgent('') } });
  const { client, call } = await connect(project);
  expect((await client.listResourceTemplates()).resourceTemplates.map(({ uriTemplate }) => uriTemplate)).toEqual([
    'orbit://plans/{id}',
    'orbit://tasks/{plan}/{id}',
    'orbit://attempts/{token}/log',
  ]);
  await call('spawn_agent', { task: 'T002' });
  const uris = (await client.listResources()).resources.map(({ uri }) => uri);
  expect(uris).toEqual(expect.arrayContaining(['orbit://plans/001', 'orbit://tasks/001/T001']));
  const read = async (uri: string): Promise<string> => {
    const [content] = (await client.readResource({ uri })).contents as { text: string }[];
    return content?.text ?? '';
  };
  expect(JSON.parse(await read('orbit://tasks/001/T003'))).toMatchObject({
    because: expect.arrayContaining([expect.objectContaining({ rule: 'dependency' })]) as unknown,
  });
  expect(JSON.parse(await read('orbit://plans/001'))).toMatchObject({ plan: '001', total: 3 });
  expect(await read('orbit://attempts/1/log')).toEqual(expect.any(String));
  await expect(read('orbit://attempts/99/log')).rejects.toThrow('there is no attempt 99');
  expect((await client.listPrompts()).prompts.map(({ name }) => name)).toEqual(['plan', 'triage']);
  const prompt = await client.getPrompt({ name: 'plan', arguments: { goal: 'A dark mode' } });
  expect(JSON.stringify(prompt.messages)).toContain('A dark mode');
  await call('shutdown_orchestrator');
});
