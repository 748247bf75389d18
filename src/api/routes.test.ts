import { appendFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { draftTask } from '../../test/conformance/store-fixture.ts';
import { expectFit } from '../../test/support/fits.ts';
import { workOn } from '../../test/support/landing-stage.ts';
import { projectStage, type ProjectStage } from '../../test/support/project-stage.ts';
import type { Call, Route } from './route.ts';
import { routes } from './routes.ts';

/** A project in which each answer has something to tell: landed, proven, asked, running, held and blocked work. */
async function busyProject(): Promise<ProjectStage & { token: number }> {
  const settings = { agents: { claude: { adapter: 'command', command: ['true'] } } };
  const stage = await projectStage({ settings });
  const { made, context, clock, load, claim, prove, execute } = stage;
  const base = made.git('rev-parse', 'main');
  await load([
    draftTask('T1', { layer: 1, scope: ['a/**'] }),
    draftTask('T2', { layer: 1 }),
    draftTask('T3', { layer: 1, parent: 'T1' }),
    draftTask('T4', { layer: 2, dependencies: ['T3'] }),
    draftTask('T5', { layer: 2, agent: 'claude', scope: ['b/**'] }),
  ]);
  const landedAs = workOn(made, { 'a/1.txt': 'x\n' });
  made.git('update-ref', 'refs/heads/orbit/001', landedAs);
  await prove('T1', { commit: landedAs, base });
  await execute('T1', { type: 'queue-landing' });
  const tree = made.git('rev-parse', `${landedAs}^{tree}`);
  await execute('T1', { type: 'land', commit: landedAs, landedAs, tree, target: 'refs/heads/orbit/001' });
  await prove('T2', { commit: workOn(made, { 'x.sh': 'x\n' }), base, approval: 'each change waits' });
  const asked = await claim('T3');
  await execute('T3', { type: 'block', token: asked, kind: 'question', reason: 'red or blue?' });
  const token = await claim('T5', 'claude-1');
  const logs = join(made.directory, 'logs');
  mkdirSync(logs);
  appendFileSync(
    join(logs, 'verbose.jsonl'),
    `${JSON.stringify({ at: 'x', event: { type: 'thought', text: 'hm' } })}\n`,
  );
  appendFileSync(join(logs, 'output.log'), 'hm\n');
  await execute('T5', { type: 'prepare', token, branch: 'b', workspace: '/nowhere', base, logs });
  await execute('T5', { type: 'widen', token, entries: ['c/**'], why: 'it is there', rule: 'ask' });
  const rule = { waitMs: 60_000, waitMsMax: 600_000 };
  const now = clock.now();
  await context.store.parkAccount({ account: 'team', until: now + 60_000, reason: 'used up', rule }, 'orbit', now);
  await context.store.send({ id: 'm1', from: 'a-1', to: 'person', task: '001/T3', text: 'hi', at: now });
  const note = { id: 'n1', kind: 'gotcha', title: 'x', text: 'y', paths: [], author: 'a-1', task: null } as const;
  await context.store.note({ ...note, commit: null, at: now });
  return { ...stage, token };
}

async function ask(
  { context }: Pick<ProjectStage, 'context'>,
  route: Route,
  sent: { params?: object; query?: object } = {},
): Promise<unknown> {
  const call: Call = {
    context,
    role: 'observer',
    params: route.params?.parse(sent.params ?? {}),
    query: route.query?.parse(sent.query ?? {}),
    body: undefined,
    ifMatch: null,
  };
  return route.handle(call as never);
}

const reads = routes.filter(({ method, path }) => method === 'get' && !path.startsWith('/api/orchestration'));
const routeAt = (path: string): Route => {
  const found = reads.find((route) => route.path === path);
  if (found === undefined) throw new Error(`no route ${path}`);
  return found;
};

test('D7 every route that reads answers what its schema says, and nothing besides', async () => {
  const stage = await busyProject();
  const params = { plan: '001', token: String(stage.token) };
  for (const route of reads) {
    for (const task of route.path.includes('{task}') ? ['T1', 'T2', 'T3', 'T4', 'T5'] : ['T1']) {
      const answer = await ask(stage, route, { params: { ...params, task } });
      expectFit(route.answer, answer);
    }
  }
  expect(reads.length).toBeGreaterThan(20);
});

test('I17 what agents say to people, and to themselves, is not for other agents', () => {
  const closed = reads.filter(({ who }) => !who.includes('attempt')).map(({ path }) => path);
  const inside = ['/api/inbox', '/api/approvals', '/api/accounts'];
  const logs = ['/api/attempts/{token}/transcript', '/api/attempts/{token}/log'];
  expect(closed).toEqual(expect.arrayContaining([...inside, ...logs]));
});

test('D7 lists are narrowed by what is asked for, and read page by page', async () => {
  const stage = await busyProject();
  const ids = (answer: unknown): string[] => (answer as { items: { id: string }[] }).items.map(({ id }) => id);
  const tasks = routeAt('/api/tasks');
  expect(ids(await ask(stage, tasks, { query: { parent: 'T1' } }))).toEqual(['T3']);
  expect(ids(await ask(stage, tasks, { query: { status: 'running,landed' } }))).toEqual(['T1', 'T5']);
  const tokens = (answer: unknown): number[] =>
    (answer as { items: { token: number }[] }).items.map(({ token }) => token);
  const attempts = routeAt('/api/attempts');
  const first = await ask(stage, attempts, { query: { limit: '3' } });
  const { next } = first as { next: string };
  const second = await ask(stage, attempts, { query: { limit: '3', cursor: next } });
  expect([...tokens(first), ...tokens(second)]).toEqual(tokens(await ask(stage, attempts)));
  expect(tokens(await ask(stage, attempts, { query: { live: 'true' } }))).toEqual([stage.token]);
  expect(await ask(stage, routeAt('/api/report'), { query: { plan: '001' } })).toMatchObject({ hints: [] });
});

test('D7 what is asked for by a name that nothing bears is told', async () => {
  const stage = await busyProject();
  const unknown: [path: string, params: object, query: object, code: string][] = [
    ['/api/plans/{plan}', { plan: '009' }, {}, 'unknown-plan'],
    ['/api/plans/{plan}/report', { plan: '009' }, {}, 'unknown-plan'],
    ['/api/tasks/{plan}/{task}', { plan: '001', task: 'T99' }, {}, 'unknown-task'],
    ['/api/tasks/{plan}/{task}/change', { plan: '001', task: 'T99' }, {}, 'unknown-task'],
    ['/api/attempts/{token}', { token: '99' }, {}, 'unknown-attempt'],
    ['/api/attempts/{token}/transcript', { token: '99' }, {}, 'unknown-attempt'],
    ['/api/attempts/{token}/transcript', { token: '1' }, { kinds: 'tool-cal' }, 'bad-flag'],
    ['/api/inbox', {}, { plan: '009' }, 'unknown-plan'],
    ['/api/reservations', {}, { plan: '009' }, 'unknown-plan'],
  ];
  for (const [path, params, query, code] of unknown)
    await expect(ask(stage, routeAt(path), { params, query }), path).rejects.toMatchObject({ code });
});
