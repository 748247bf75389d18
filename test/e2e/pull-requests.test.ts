/** Plans that land by pull requests, on a forge that people use too: git over HTTP and a REST interface on loopback. Needs a build. */
import { expect, onTestFinished, test } from 'vitest';
import { shellAgent, shellSettings, planText } from '../support/e2e-plan.ts';
import { makeProject, patience, type Project, type ProjectOrder } from '../support/e2e.ts';
import type { FakeApi } from '../support/forge/api.ts';
import { startForge, type ForgeServer } from '../support/forge/forge-server.ts';
import { githubApi } from '../support/forge/github-api.ts';

interface World {
  project: Project;
  forge: ForgeServer;
}

async function makeWorld(
  api: FakeApi,
  { kind, landing, forge: more = {}, ...order }: ProjectOrder & { kind: string; landing: object; forge?: object },
): Promise<World> {
  const forge = await startForge(api, null);
  onTestFinished(async () => forge[Symbol.asyncDispose]());
  const project = await makeProject({
    ...order,
    settings: shellSettings(3, { landing, forge: { kind, pollS: 0.2, checksGraceS: 0, ...more } }),
    environment: {
      ORBIT_FORGE_URL: forge.url,
      GITHUB_TOKEN: forge.token,
      GITLAB_TOKEN: forge.token,
      GITEA_TOKEN: forge.token,
    },
  });
  project.repository.git('push', '-q', forge.hub.directory, 'main:main');
  project.repository.git('remote', 'add', 'origin', forge.gitUrl);
  return { project, forge };
}

const twoTasks = planText({
  'T001 One': [],
  'T002 Two': ['Dependencies: T001'],
});

test('C13 a plan lands by one pull request per task, in order, when they are green', patience, async () => {
  const { project, forge } = await makeWorld(githubApi, {
    kind: 'github',
    plan: twoTasks,
    files: { 'agent.sh': shellAgent('') },
    landing: { mode: 'pull-requests', approval: 'none' },
  });
  const run = project.run('001');
  const { code, summary } = await run.ended;
  expect({ code, landed: summary?.landed, left: summary?.left }, run.stderr()).toEqual({
    code: 0,
    landed: 2,
    left: [],
  });
  expect(forge.hub.all().map(({ state, base, head }) => [state, base, head])).toEqual([
    ['merged', 'main', 'orbit-work/001/T001'],
    ['merged', 'main', 'orbit-work/001/T002'],
  ]);
  expect(forge.hub.git('show', 'main:src/T002.txt')).toBe('Two');
  expect(project.processes()).toEqual([]);
});

test('C13 E10 a finished plan becomes one pull request that lists its tasks', patience, async () => {
  const { project, forge } = await makeWorld(githubApi, {
    kind: 'github',
    plan: twoTasks,
    files: { 'agent.sh': shellAgent('') },
    landing: { finish: 'pull-request' },
  });
  const run = project.run('001');
  const { code, summary } = await run.ended;
  expect({ code, landed: summary?.landed }, run.stderr()).toEqual({ code: 0, landed: 2 });
  const [pull, ...others] = forge.hub.all();
  expect(others).toEqual([]);
  expect(pull).toMatchObject({ state: 'open', head: 'orbit/001', base: 'main' });
  expect(pull?.body).toMatch(/- T001 One: [0-9a-f]{12} by sh-\d, no checks, landed as [0-9a-f]{12}\n- T002 Two: /);
  expect(forge.hub.tip('orbit/001')).toBe(project.repository.git('rev-parse', 'orbit/001'));
  expect(run.stderr()).toContain(`${forge.url}/acme/app/pull/1`);
});
