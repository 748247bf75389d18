/** The remote port against git over HTTP on loopback, behind a password. */
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { notFound, type FakeApi } from '../../../test/support/forge/api.ts';
import { startForge, type ForgeServer } from '../../../test/support/forge/forge-server.ts';
import { makeRepository, type TestRepository } from '../../../test/support/repository.ts';
import type { Remote } from '../remote.ts';
import { openRemote } from './git-remote.ts';

const api: FakeApi = { prefix: '/api', isAuthorized: () => true, answer: () => notFound };
const branch = 'orbit-work/001/T001';

interface World {
  forge: ForgeServer;
  made: TestRepository;
  remote: Remote;
}

async function makeWorld(token?: string): Promise<World> {
  const made = makeRepository({ files: { a: '1' } });
  onTestFinished(() => made.dispose());
  const forge = await startForge(api, made.directory);
  onTestFinished(async () => forge[Symbol.asyncDispose]());
  const remote = await openRemote({
    commonDirectory: join(made.directory, '.git'),
    directory: join(made.directory, '.git', 'orbit', 'remote.git'),
    address: forge.gitUrl,
    protocol: 'http',
    credential: { user: 'x-access-token', token: token ?? forge.token },
    known: async () => [made.git('rev-parse', 'HEAD')],
  });
  return { forge, made, remote };
}

test('I8 P3 a branch is made, moved by lease, and never over what is not expected there', async () => {
  const { forge, made, remote } = await makeWorld();
  const first = made.git('rev-parse', 'HEAD');
  expect(await remote.push({ branch, commit: first, from: null })).toBe('pushed');
  expect(await remote.tips([branch, 'main', 'gone'])).toEqual(
    new Map([
      [branch, first],
      ['main', first],
    ]),
  );
  made.write({ b: '1' });
  const second = made.commit('Second');
  expect(await remote.push({ branch, commit: second, from: null })).toBe('refused');
  expect(await remote.push({ branch, commit: second, from: second })).toBe('refused');
  expect(forge.hub.tip(branch)).toBe(first);
  expect(await remote.push({ branch, commit: second, from: first })).toBe('pushed');
  made.git('reset', '-q', '--hard', first);
  made.write({ c: '1' });
  const other = made.commit('Another way');
  expect(await remote.push({ branch, commit: other, from: second })).toBe('pushed');
  expect(forge.hub.tip(branch)).toBe(other);
});

test('P3 a branch that Orbit does not make is never pushed to', async () => {
  const { made, remote } = await makeWorld();
  const commit = made.git('rev-parse', 'HEAD');
  await expect(remote.push({ branch: 'main', commit, from: commit })).rejects.toThrow(/no branch of Orbit's/);
});

test('what others pushed is fetched into the repository, without a ref or file of the user’s changed', async () => {
  const { forge, made, remote } = await makeWorld();
  const refs = made.git('for-each-ref');
  const tip = forge.hub.git('commit-tree', 'main^{tree}', '-p', 'main', '-m', 'Theirs');
  forge.hub.git('update-ref', 'refs/heads/main', tip);
  expect(await remote.fetch('refs/heads/main')).toBe(tip);
  expect(made.git('log', '-1', '--format=%s', tip)).toBe('Theirs');
  expect(await remote.fetch('refs/heads/gone')).toBeNull();
  expect(made.git('for-each-ref')).toBe(refs);
  expect(existsSync(join(made.directory, '.git', 'FETCH_HEAD'))).toBe(false);
});

test('S8 I19 nothing that agents can write into the repository takes part, and the token is in no file', async () => {
  const { forge, made, remote } = await makeWorld();
  const trap = join(made.directory, '..', 'trap.sh');
  const sprung = join(made.directory, '..', 'sprung');
  writeFileSync(trap, `#!/bin/sh\necho "$0 $*" >> ${sprung}\nenv >> ${sprung}\n`);
  chmodSync(trap, 0o755);
  for (const [key, value] of [
    ['credential.helper', `!${trap}`],
    [`credential.${forge.url}.helper`, `!${trap}`],
    ['core.askPass', trap],
    ['core.sshCommand', trap],
    ['core.gitProxy', trap],
    ['http.proxy', 'http://127.0.0.1:1'],
    [`url.http://127.0.0.1:1/.insteadOf`, `${forge.url}/`],
    ['remote.origin.url', 'http://127.0.0.1:1/evil.git'],
    ['push.pushOption', 'evil'],
  ] as const)
    made.git('config', key, value);
  for (const hook of ['pre-push', 'reference-transaction', 'post-checkout']) {
    writeFileSync(join(made.directory, '.git', 'hooks', hook), `#!/bin/sh\n${trap} ${hook}\n`);
    chmodSync(join(made.directory, '.git', 'hooks', hook), 0o755);
  }
  const commit = made.git('rev-parse', 'HEAD');
  expect(await remote.push({ branch, commit, from: null })).toBe('pushed');
  expect(await remote.fetch('refs/heads/main')).toBe(commit);
  expect(existsSync(sprung)).toBe(false);
  for (const file of ['config', 'orbit/remote.git/config'])
    expect(readFileSync(join(made.directory, '.git', file), 'utf8')).not.toContain(forge.token);
});

test('a wrong token, a missing repository and a dead server are told apart, none with the token', async () => {
  const { forge, made, remote } = await makeWorld('wrong-token-123');
  const commit = made.git('rev-parse', 'HEAD');
  const failed = async (call: Promise<unknown>): Promise<unknown> => call.catch((error: unknown) => error);
  const denied = await failed(remote.push({ branch, commit, from: null }));
  expect(denied).toMatchObject({ code: 'forge-denied', retryable: false });
  expect((denied as Error).message).not.toContain('wrong-token-123');
  await forge[Symbol.asyncDispose]();
  expect(await failed(remote.tips([branch]))).toMatchObject({ code: 'forge-unavailable', retryable: true });
});
