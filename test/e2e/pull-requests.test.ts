/** Plans that land by pull requests, on forges that people use too: git over HTTP and a REST interface on loopback. Needs a build. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience, type Project } from '../support/e2e.ts';
import { startForge } from '../support/forge/forge-server.ts';
import { makeForgeWorld } from '../support/forge/forge-world.ts';
import { giteaApi } from '../support/forge/gitea-api.ts';
import { githubApi } from '../support/forge/github-api.ts';
import { gitlabApi } from '../support/forge/gitlab-api.ts';
import type { Hub } from '../support/forge/hub.ts';

const twoTasks = planText({ 'T001 One': [], 'T002 Two': ['Dependencies: T001'] });
const oneTask = planText({ 'T001 One': [] });
const files = { 'agent.sh': shellAgent('') };
const follows = { mode: 'pull-requests' };

const shapes = (hub: Hub): unknown[] => hub.all().map(({ state, base, head }) => [state, base, head]);

test('C13 a plan lands by one pull request per task, in order, when they are green', patience, async () => {
  const order = { kind: 'github', plan: twoTasks, files, landing: { ...follows, approval: 'none' } } as const;
  const { project, forge } = await makeForgeWorld(githubApi, order);
  const run = project.run('001');
  const { code, summary } = await run.ended;
  expect({ code, landed: summary?.landed, left: summary?.left }, run.stderr()).toEqual({
    code: 0,
    landed: 2,
    left: [],
  });
  expect(shapes(forge.hub)).toEqual([
    ['merged', 'main', 'orbit-work/001/T001'],
    ['merged', 'main', 'orbit-work/001/T002'],
  ]);
  expect(forge.hub.git('show', 'main:src/T002.txt')).toBe('Two');
  expect(project.processes()).toEqual([]);
  leaksNothing(project, forge.token);
});

test('C13 E10 a finished plan becomes one pull request that lists its tasks', patience, async () => {
  const order = {
    kind: 'github',
    plan: planText({ 'T001 One': [], 'T002 Two': [] }, 'finish: pull-request'),
    files,
    landing: {},
  } as const;
  const { project, forge } = await makeForgeWorld(githubApi, order);
  for (const _ of [1, 2]) {
    const run = project.run('001');
    const { code, summary } = await run.ended;
    expect({ code, landed: summary?.landed }, run.stderr()).toEqual({ code: 0, landed: 2 });
    expect(run.stderr()).toContain(`${forge.url}/acme/app/pull/1`);
  }
  expect(shapes(forge.hub)).toEqual([['open', 'main', 'orbit/001']]);
  const { body } = forge.hub.must(1);
  expect(body).toMatch(/- T001 One: [0-9a-f]{12} by sh-\d, no checks, landed as [0-9a-f]{12}/);
  expect(body).toContain('- T002 Two: ');
  const pushed = project.repository.git('rev-parse', 'orbit/001');
  expect(forge.hub.tip('orbit/001')).toBe(pushed);
  // What somebody else put onto the target passed nothing, so it goes nowhere.
  const { repository } = project;
  const smuggled = repository.git('commit-tree', 'orbit/001^{tree}', '-p', 'orbit/001', '-m', 'Smuggled');
  repository.git('update-ref', 'refs/heads/orbit/001', smuggled);
  const last = project.run('001');
  await last.ended;
  expect(last.stderr()).toContain('is not from Orbit');
  expect(forge.hub.tip('orbit/001')).toBe(pushed);
});

test('E10 autoMergeOnComplete merges the combined pull request when its checks are green', patience, async () => {
  const order = { kind: 'gitea', plan: oneTask, files, landing: { finish: 'pull-request' } } as const;
  const { project, forge } = await makeForgeWorld(giteaApi, { ...order, environment: {} });
  const run = project.run('001');
  await run.ended;
  const head = forge.hub.must(1).commit;
  forge.hub.check(head, { name: 'build', state: 'pending', text: '' });
  project.repository.write({ 'orbit.config.json': settingsWith(project, { autoMergeOnComplete: true }) });
  const again = project.run('001');
  await again.says('waits for its checks');
  expect(forge.hub.must(1).state).toBe('open');
  forge.hub.check(head, { name: 'build', state: 'success', text: '' });
  expect((await again.ended).code, again.stderr()).toBe(0);
  expect(again.stderr()).toContain('main on the forge has all of plan 001');
  expect(forge.hub.git('show', 'main:src/T001.txt')).toBe('One');
});

test(
  'C13 A4 a review sends work back with its words; squashed and rebased by people, both land, each once',
  patience,
  async () => {
    const louder = 'T001-2) grep -q "Say it louder" "$ORBIT_PROMPT"; mkdir -p src; echo LOUD > src/T001.txt; save ;;';
    const { project, forge } = await makeForgeWorld(gitlabApi, {
      kind: 'gitlab',
      plan: twoTasks,
      files: { 'agent.sh': shellAgent(louder) },
      landing: follows,
      forge: { waitMinutes: 10 },
    });
    const { hub, until } = forge;
    const run = project.run('001');
    await until(() => hub.all().length === 2);
    expect(shapes(hub)).toEqual([
      ['open', 'main', 'orbit-work/001/T001'],
      ['open', 'orbit-work/001/T001', 'orbit-work/001/T002'],
    ]);
    const lines = [{ path: 'src/T001.txt', line: 1, text: 'Say it louder' }];
    hub.review(1, { state: 'changes', text: 'Nearly', lines });
    const bounced = await run.until(({ type }) => type === 'landing-bounced');
    expect(bounced).toMatchObject({
      task: 'T001',
      data: { cause: 'review', reason: expect.stringContaining('ada on src/T001.txt:1 says: Say it louder') as string },
    });
    await until(() => hub.git('show', `${hub.must(1).commit}:src/T001.txt`) === 'LOUD');
    hub.review(1, { state: 'approved' });
    await run.until(({ type, data }) => type === 'pr-changed' && data['status'] === 'approved');
    hub.merge(1, 'squash');
    await run.until(({ type, task }) => type === 'task-landed' && task === 'T001');
    // What it was built on came by another commit: it is put onto that anew, with its own change alone.
    await until(
      () =>
        hub.must(2).base === 'main' && hub.git('diff', '--name-only', 'main', hub.must(2).commit) === 'src/T002.txt',
    );
    hub.merge(2, 'rebase');
    const { code, summary } = await run.ended;
    expect({ code, landed: summary?.landed }, run.stderr()).toEqual({ code: 0, landed: 2 });
    expect(run.events.filter(({ type }) => type === 'task-landed').map(({ task }) => task)).toEqual(['T001', 'T002']);
    expect(hub.pulls).toHaveLength(2);
  },
);

test(
  'C13 red checks send work back with their words, and the same pull request gets the new work',
  patience,
  async () => {
    const mended =
      'T001-2) grep -q "three tests fail" "$ORBIT_PROMPT"; mkdir -p src; echo mended > src/T001.txt; save ;;';
    const { project, forge } = await makeForgeWorld(giteaApi, {
      kind: 'gitea',
      plan: oneTask,
      files: { 'agent.sh': shellAgent(mended) },
      landing: follows,
      forge: { waitMinutes: 10 },
    });
    const { hub, until } = forge;
    const run = project.run('001');
    const first = await until(() => hub.all()[0]?.commit);
    hub.check(first, { name: 'build', state: 'failure', text: 'three tests fail' });
    const second = await until(() => hub.must(1).commit !== first && hub.must(1).commit);
    hub.check(second, { name: 'build', state: 'success', text: '' });
    hub.merge(1);
    const { code } = await run.ended;
    expect(code, run.stderr()).toBe(0);
    expect(run.events.filter(({ type }) => type === 'landing-bounced')).toMatchObject([{ data: { cause: 'red' } }]);
    expect([hub.pulls.length, hub.git('show', 'main:src/T001.txt')]).toEqual([1, 'mended']);
  },
);

test('A2 A10 closed by a person is rejected, told, and done anew only on their word', patience, async () => {
  const { project, forge } = await makeForgeWorld(githubApi, {
    kind: 'github',
    plan: twoTasks,
    files,
    landing: follows,
  });
  const { hub } = forge;
  const first = await project.run('001').ended;
  expect(first).toMatchObject({
    code: 4,
    summary: {
      left: [
        {
          task: 'T001',
          reason: expect.stringContaining(`waits for a review and its merge ${forge.url}/acme/app/pull/1`) as string,
        },
        { task: 'T002' },
      ],
    },
  });
  expect(progress(project)).toMatchObject({ T001: { pr: '#1', pr_status: 'pending_review' }, T002: { pr: '#2' } });
  hub.close(1);
  const second = await project.run('001').ended;
  expect(second).toMatchObject({
    code: 4,
    summary: {
      left: [
        {
          task: 'T001',
          status: 'needs-you',
          reason: expect.stringContaining('#1 was closed without being merged') as string,
        },
        { task: 'T002' },
      ],
    },
  });
  expect(progress(project)).toMatchObject({ T001: { pr_status: 'rejected' } });
  expect((await project.orbit('reopen', 'T001', 'again')).code).toBe(0);
  await project.run('001').ended;
  expect(shapes(hub)[2]).toEqual(['open', 'main', 'orbit-work/001/T001']);
  expect(hub.pulls).toHaveLength(3);
});

test('I8 I10 a forge that says "merged" and is not believed ends in front of a person', patience, async () => {
  const order = { kind: 'github', plan: oneTask, files, landing: { ...follows, approval: 'none' } } as const;
  const { project, forge } = await makeForgeWorld(githubApi, order);
  forge.hub.lies = true;
  const run = project.run('001');
  const { code, summary } = await run.ended;
  expect({ code, landed: summary?.landed }, run.stderr()).toEqual({ code: 4, landed: 0 });
  expect(summary?.left).toMatchObject([
    {
      task: 'T001',
      status: 'needs-you',
      reason: expect.stringContaining('said to be merged, but main does not have its work') as string,
    },
  ]);
});

test(
  'I8 I9 P1 killed after a push and after an opening whose answer was lost, it goes on with what is there',
  patience,
  async () => {
    const order = { kind: 'github', plan: oneTask, files, landing: { ...follows, approval: 'none' } } as const;
    const { project, forge } = await makeForgeWorld(githubApi, order);
    const { hub, until } = forge;
    const opens = ({ method, path }: { method: string; path: string }): boolean =>
      method === 'POST' && path.endsWith('/pulls');
    forge.faults.push({ fits: opens, times: 1, answer: 'after' });
    const first = project.run('001');
    await until(() => hub.tip('orbit-work/001/T001') !== null);
    first.signal('SIGKILL');
    await first.ended;
    const second = project.run('001');
    await until(() => hub.pulls.length === 1);
    second.signal('SIGKILL');
    await second.ended;
    const last = project.run('001');
    const { code, summary } = await last.ended;
    expect({ code, landed: summary?.landed }, last.stderr()).toEqual({ code: 0, landed: 1 });
    expect(hub.pulls).toHaveLength(1);
    expect(hub.git('log', '--format=%s', '--first-parent', 'main').split('\n')[0]).toBe('T001: One (#1)');
  },
);

test('a forge that fails, limits and refuses for a while holds nothing up for good', patience, async () => {
  const order = { kind: 'github', plan: oneTask, files, landing: { ...follows, approval: 'none' } } as const;
  const { project, forge } = await makeForgeWorld(githubApi, order);
  const api = ({ path }: { path: string }): boolean => path.startsWith('/api/');
  forge.faults.push(
    { fits: api, times: 2, answer: { status: 503 } },
    { fits: api, times: 1, answer: { status: 429, headers: { 'retry-after': '1' } } },
    { fits: api, times: 1, answer: 'after' },
  );
  const run = project.run('001');
  const { code } = await run.ended;
  expect(code, run.stderr()).toBe(0);
  expect(run.stderr()).toContain('the forge fails (503');
});

test('a token that may not do it ends the run with the reason, not with a crash', patience, async () => {
  const { project, forge } = await makeForgeWorld(githubApi, {
    kind: 'github',
    plan: oneTask,
    files,
    landing: follows,
  });
  forge.faults.push({
    fits: ({ path }) => path.startsWith('/api/'),
    answer: { status: 403, body: { message: 'Resource not accessible' } },
  });
  const { code, summary } = await project.run('001').ended;
  expect(code).toBe(4);
  expect(summary?.left).toMatchObject([
    { task: 'T001', reason: expect.stringContaining('Resource not accessible') as string },
  ]);
});

test('C13 without a forge, people merge the branches with git', patience, async () => {
  const settings = shellSettings(2, { landing: follows, forge: { pollS: 0.2 } });
  const project = await makeProject({ plan: oneTask, files, settings });
  const bare = join(project.outside, 'shared.git');
  project.repository.git('clone', '-q', '--bare', '.', bare);
  project.repository.git('remote', 'add', 'origin', bare);
  const first = await project.run('001').ended;
  expect(first).toMatchObject({ code: 4, summary: { left: [{ task: 'T001' }] } });
  execFileSync('git', ['--git-dir', bare, 'update-ref', 'refs/heads/main', 'refs/heads/orbit-work/001/T001']);
  const second = await project.run('001').ended;
  expect(second).toMatchObject({ code: 0, summary: { landed: 1 } });
});

test(
  'S11 I19 a project that names its own host gets no token, and the run says so before any agent starts',
  patience,
  async () => {
    const elsewhere = await startForge(githubApi, null);
    onTestFinished(async () => elsewhere[Symbol.asyncDispose]());
    const settings = shellSettings(1, { landing: follows, forge: { kind: 'github', url: elsewhere.url } });
    const environment = { GITHUB_TOKEN: elsewhere.token };
    const project = await makeProject({ plan: oneTask, files, settings, environment });
    project.repository.git('remote', 'add', 'origin', elsewhere.gitUrl);
    const run = await project.orbit('run', '001', '--json');
    expect(run).toMatchObject({
      code: 1,
      json: {
        error: {
          code: 'forge-denied',
          message: expect.stringContaining('GITHUB_TOKEN is not sent to 127.0.0.1') as string,
        },
      },
    });
    expect(elsewhere.calls).toEqual([]);
    await using store = await project.store();
    expect(await store.attempts({})).toEqual([]);
  },
);

test('I19 a remote whose address changed gets nothing before a person agrees', patience, async () => {
  const { project, forge } = await makeForgeWorld(githubApi, {
    kind: 'github',
    plan: oneTask,
    files,
    landing: follows,
  });
  expect((await project.run('001').ended).code).toBe(4);
  project.repository.git('remote', 'set-url', 'origin', `${forge.url}/evil/app.git`);
  const run = await project.orbit('run', '001', '--json');
  expect(run).toMatchObject({
    code: 1,
    json: { error: { code: 'forge-denied', message: expect.stringContaining('evil/app.git') as string } },
  });
});

function progress(project: Project): unknown {
  return (JSON.parse(project.read('specs/001/agent-tasks/.progress.json')) as { tasks: unknown }).tasks;
}

function settingsWith(project: Project, more: object): string {
  return JSON.stringify({ ...(JSON.parse(project.read('orbit.config.json')) as object), ...more });
}

/** I19: the token stands in no file that Orbit wrote. */
function leaksNothing(project: Project, token: string): void {
  const orbit = join(project.directory, '.git', 'orbit');
  expect(existsSync(orbit)).toBe(true);
  for (const entry of readdirSync(orbit, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    expect(readFileSync(join(entry.parentPath, entry.name)).includes(token), entry.name).toBe(false);
  }
}
