/** What GitHub has besides the other forges; the rest is in the conformance suite. */
import { expect, onTestFinished, test } from 'vitest';
import { startForge, type Fault, type ForgeServer } from '../../../test/support/forge/forge-server.ts';
import { githubApi } from '../../../test/support/forge/github-api.ts';
import { systemClock } from '../../platform/clock.ts';
import type { Forge } from '../forge.ts';
import { ForgeHttp } from '../http.ts';
import { openGithub } from './github.ts';

const commit = 'c'.repeat(40);

async function makeWorld(): Promise<{ forge: Forge; server: ForgeServer }> {
  const server = await startForge(githubApi, null);
  onTestFinished(async () => server[Symbol.asyncDispose]());
  const base = `${server.url}/api/v3`;
  const http = new ForgeHttp({
    base,
    headers: { authorization: `Bearer ${server.token}` },
    clock: systemClock,
    writeGapMs: 0,
  });
  return { forge: openGithub({ http, repository: 'acme/app', host: 'github.com' }), server };
}

const at = (part: string, answer: Fault['answer']): Fault => ({ fits: ({ path }) => path.includes(part), answer });
const refused = { status: 403, body: { message: 'Resource not accessible by personal access token' } };

test('I8 a token that cannot read check runs sees workflows instead, and says so where it sees neither', async () => {
  const { forge, server } = await makeWorld();
  server.hub.check(commit, { name: 'lint', state: 'success', text: '' });
  server.faults.push(at('/check-runs', refused));
  const run = { name: 'build', status: 'completed', conclusion: 'failure', html_url: 'https://ci.example.org/1' };
  server.faults.push({
    ...at('/actions/runs', { status: 200, body: { total_count: 1, workflow_runs: [run] } }),
    times: 1,
  });
  expect(await forge.checks(commit)).toEqual({
    state: 'red',
    failed: [{ name: 'build', text: 'failure', url: 'https://ci.example.org/1' }],
  });
  server.faults.push(at('/actions/runs', refused));
  expect(await forge.checks(commit)).toMatchObject({ state: 'green', unseen: true });
});

test('a cancelled run is neither for the work nor against it', async () => {
  const { forge, server } = await makeWorld();
  const run = { name: 'build', status: 'completed', conclusion: 'cancelled' };
  server.faults.push(at('/check-runs', { status: 200, body: { total_count: 1, check_runs: [run] } }));
  expect((await forge.checks(commit)).state).toBe('pending');
});

test('a refusal that is none of "there is one" is told in the forge’s words', async () => {
  const { forge } = await makeWorld();
  const order = { head: 'orbit-work/001/T001', base: 'main', title: 'T', body: 'm', marker: 'm' };
  await expect(forge.open(order)).rejects.toMatchObject({
    code: 'forge-refused',
    message: expect.stringContaining('Validation Failed') as string,
  });
});
