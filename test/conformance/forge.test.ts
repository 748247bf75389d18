/** The forge suite on every implementation: fakes on loopback with recorded shapes, and a repository without a forge. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { openGitea } from '../../src/forge/gitea/gitea.ts';
import { openGithub } from '../../src/forge/github/github.ts';
import { openGitlab } from '../../src/forge/gitlab/gitlab.ts';
import { ForgeHttp } from '../../src/forge/http.ts';
import { openLocalForge } from '../../src/forge/local/local.ts';
import { systemClock } from '../../src/platform/clock.ts';
import type { FakeApi } from '../support/forge/api.ts';
import { startForge } from '../support/forge/forge-server.ts';
import { giteaApi } from '../support/forge/gitea-api.ts';
import { githubApi } from '../support/forge/github-api.ts';
import { gitlabApi } from '../support/forge/gitlab-api.ts';
import { Hub } from '../support/forge/hub.ts';
import { makeRepository } from '../support/repository.ts';
import { forgeCases, type ForgeFixture } from './forge-suite.ts';

type Open = (order: { http: ForgeHttp; repository: string; host: string }) => ForgeFixture['forge'];

const forges: readonly {
  name: string;
  api: FakeApi;
  open: Open;
  headers: (token: string) => Record<string, string>;
}[] = [
  { name: 'github', api: githubApi, open: openGithub, headers: (token) => ({ authorization: `Bearer ${token}` }) },
  { name: 'gitlab', api: gitlabApi, open: openGitlab, headers: (token) => ({ 'private-token': token }) },
  { name: 'gitea', api: giteaApi, open: openGitea, headers: (token) => ({ authorization: `token ${token}` }) },
];

for (const { name, api, open, headers } of forges) {
  describe(`${name} on loopback`, () => {
    forgeCases(
      async () => {
        using seed = makeRepository({ files: { 'README.md': 'A project\n' } });
        const server = await startForge(api, seed.directory);
        const http = new ForgeHttp({
          base: server.url + api.prefix,
          headers: headers(server.token),
          clock: systemClock,
          writeGapMs: 0,
        });
        return {
          forge: open({ http, repository: 'acme/app', host: new URL(server.url).host }),
          hub: server.hub,
          commit: (branch, path) => commitOn(server.hub, branch, path),
          comments: (number) => server.hub.must(number).comments,
          isFull: true,
          [Symbol.asyncDispose]: async () => server[Symbol.asyncDispose](),
        };
      },
      { isFull: true },
    );
  });
}

describe('local', () => {
  forgeCases(
    async () => {
      const root = mkdtempSync(join(tmpdir(), 'orbit-test-'));
      using seed = makeRepository({ files: { 'README.md': 'A project\n' } });
      seed.git('clone', '-q', '--bare', seed.directory, join(root, 'hub.git'));
      const hub = new Hub(join(root, 'hub.git'));
      const forge = openLocalForge({
        file: join(root, 'pull-requests.json'),
        name: 'hub.git',
        tips: async (branches) => new Map(branches.flatMap((branch) => tipOf(hub, branch))),
        isAncestor: async (commit, of) => hub.git('rev-list', '--max-count=1', commit, `^${of}`) === '',
      });
      return {
        forge,
        hub,
        commit: (branch, path) => commitOn(hub, branch, path),
        comments: (number) => commentsIn(join(root, 'pull-requests.json'), number),
        isFull: false,
        [Symbol.asyncDispose]: async () => rmSync(root, { recursive: true, force: true }),
      };
    },
    { isFull: false },
  );
});

function commentsIn(file: string, number: number): string[] {
  const all = JSON.parse(readFileSync(file, 'utf8')) as { number: number; comments: string[] }[];
  return all.find((one) => one.number === number)?.comments ?? [];
}

function tipOf(hub: Hub, branch: string): [string, string][] {
  const tip = hub.tip(branch);
  return tip === null ? [] : [[branch, tip]];
}

function commitOn(hub: Hub, branch: string, path: string): string {
  const parent = hub.tip(branch) ?? hub.tip('main') ?? '';
  const blob = hub.git('rev-parse', `${parent}:README.md`);
  const base = hub.git('ls-tree', parent);
  const tree = hub.treeOf([...base.split('\n').filter(Boolean), `100644 blob ${blob}\t${path}`]);
  const commit = hub.git('commit-tree', tree, '-p', parent, '-m', `Add ${path}`);
  hub.git('update-ref', `refs/heads/${branch}`, commit);
  return commit;
}
