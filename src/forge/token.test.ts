import { expect, test } from 'vitest';
import { environmentToken } from './token.ts';

const github = { kind: 'github', host: 'github.com' } as const;
const own = { kind: 'gitea', host: 'git.example.org' } as const;

test('a token goes to the public host of its kind', () => {
  expect(environmentToken(github, { GITHUB_TOKEN: ' one ', GH_TOKEN: 'two' }, null)).toEqual({ token: 'one' });
  expect(environmentToken(github, { GH_TOKEN: 'two' }, null)).toEqual({ token: 'two' });
  expect(environmentToken({ kind: 'gitlab', host: 'gitlab.com' }, { GITLAB_TOKEN: 'a' }, null)).toEqual({ token: 'a' });
  expect(environmentToken({ kind: 'gitea', host: 'codeberg.org' }, { FORGEJO_TOKEN: 'a' }, null)).toEqual({
    token: 'a',
  });
  expect(environmentToken(github, { GITLAB_TOKEN: 'a', GITHUB_TOKEN: ' ' }, null)).toBeNull();
});

test('S11 I19 a host that only the project’s files name gets no token', () => {
  const answer = environmentToken(own, { GITEA_TOKEN: 'secret-token' }, null);
  expect(answer).toEqual({ fault: expect.stringContaining('ORBIT_FORGE_URL=https://git.example.org') as string });
  expect(JSON.stringify(answer)).not.toContain('secret-token');
  const evil = { kind: 'github', host: 'github.com.evil.example' } as const;
  expect(
    environmentToken(evil, { GITHUB_TOKEN: 'secret-token', GH_HOST: 'github.com' }, 'https://github.com'),
  ).toHaveProperty('fault');
});

test('a host that the person names gets it', () => {
  expect(environmentToken(own, { GITEA_TOKEN: 'a' }, 'https://git.example.org/')).toEqual({ token: 'a' });
  expect(environmentToken(own, { GITEA_TOKEN: 'a', GITEA_SERVER_URL: 'https://git.example.org' }, null)).toEqual({
    token: 'a',
  });
  expect(
    environmentToken({ kind: 'github', host: 'ghe.example.org' }, { GH_TOKEN: 'a', GH_HOST: 'ghe.example.org' }, null),
  ).toEqual({ token: 'a' });
  // Another port is another server.
  expect(
    environmentToken({ ...own, host: 'git.example.org:8443' }, { GITEA_TOKEN: 'a' }, 'https://git.example.org'),
  ).toHaveProperty('fault');
});
