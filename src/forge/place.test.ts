import { expect, test } from 'vitest';
import { forgePlace, remotePlace, withoutSecret, type ForgeWish } from './place.ts';

const wish: ForgeWish = { kind: 'auto', url: null, repository: null };
const place = (address: string, more: Partial<ForgeWish> = {}): unknown =>
  forgePlace(remotePlace(address), { ...wish, ...more });

test('kind, host and repository are told from the remote’s address', () => {
  const github = { kind: 'github', host: 'github.com', api: 'https://api.github.com', repository: 'acme/app' };
  for (const address of [
    'https://github.com/acme/app.git',
    'https://ada:secret@github.com/acme/app',
    'git@github.com:acme/app.git',
    'ssh://git@github.com/acme/app.git',
    'ssh://git@ssh.github.com:443/acme/app.git',
  ])
    expect(place(address)).toMatchObject(github);
  expect(place('git@gitlab.com:group/sub/app.git')).toMatchObject({
    kind: 'gitlab',
    api: 'https://gitlab.com/api/v4',
    repository: 'group/sub/app',
  });
  expect(place('https://codeberg.org/acme/app')).toMatchObject({ kind: 'gitea', api: 'https://codeberg.org/api/v1' });
  expect(place('/srv/git/app.git')).toMatchObject({ kind: 'local' });
});

test('settings say what the address does not', () => {
  expect(place('git@git.example.org:acme/app.git', { kind: 'github' })).toMatchObject({
    host: 'git.example.org',
    api: 'https://git.example.org/api/v3',
  });
  expect(
    place('/srv/mirror.git', { kind: 'gitea', url: 'https://git.example.org:8443/', repository: 'acme/app' }),
  ).toMatchObject({
    host: 'git.example.org:8443',
    api: 'https://git.example.org:8443/api/v1',
    repository: 'acme/app',
  });
  expect(() => place('git@git.example.org:acme/app.git')).toThrow(/what kind of forge git\.example\.org is/);
});

test('S9 S11 addresses that lead astray are refused', () => {
  for (const address of [
    'http://git.example.org/acme/app',
    'git://github.com/acme/app',
    'ext::sh -c id',
    'ftp://github.com/acme/app',
    '--upload-pack=id',
    'relative/path',
    '',
  ])
    expect(() => remotePlace(address), address).toThrow(expect.objectContaining({ code: 'bad-settings' }));
  for (const repository of ['../../user', 'acme', 'acme/app/../x', 'acme/a b', 'acme/app?x=1'])
    expect(() => place('https://github.com/acme/app', { repository }), repository).toThrow(/no repository of a forge/);
  for (const url of [
    'http://git.example.org',
    'https://ada:pw@git.example.org',
    'file:///etc',
    'https://x/?q=1',
    'nonsense',
  ])
    expect(() => place('https://github.com/acme/app', { kind: 'gitea', url }), url).toThrow(
      expect.objectContaining({ code: 'bad-settings' }),
    );
  expect(place('http://127.0.0.1:3000/acme/app', { kind: 'gitea' })).toMatchObject({ host: '127.0.0.1:3000' });
});

test('I19 a name and password in an address are shown to nobody', () => {
  expect(withoutSecret('https://ada:secret@github.com/acme/app.git')).toBe('https://github.com/acme/app.git');
  expect(withoutSecret('git@github.com:acme/app.git')).toBe('git@github.com:acme/app.git');
  expect(() => remotePlace('http://ada:secret@git.example.org/a/b')).toThrow(
    expect.not.objectContaining({ message: expect.stringContaining('secret') as string }),
  );
});
