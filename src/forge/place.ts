/**
 * Where the forge is: told from a remote's address, and by what a person says instead.
 *
 * Owns which hosts are known by name, and where their REST interfaces are. Pure. Only https, or http on this machine itself: a token
 * goes nowhere in the clear.
 */
import { UsageError } from '../platform/error.ts';
import type { ForgeKind } from './forge.ts';

export interface ForgeWish {
  /** `auto`: told from the host. */
  kind: ForgeKind | 'auto';
  /** Where the forge is, as people open it: `https://git.example.org`. `null`: the remote's host. */
  url: string | null;
  /** `acme/app`; `null`: the remote's path. */
  repository: string | null;
}

export interface ForgePlace {
  kind: ForgeKind;
  /** With its port, as tokens are bound to it. */
  host: string;
  /** As people open it, without a slash at the end. */
  url: string;
  /** Where REST paths begin. */
  api: string;
  repository: string;
}

/** Address of a remote, taken apart. */
export interface RemotePlace {
  protocol: 'https' | 'http' | 'ssh' | 'file';
  host: string;
  path: string;
}

const knownHosts: Readonly<Record<string, ForgeKind>> = {
  'github.com': 'github',
  'ssh.github.com': 'github',
  'gitlab.com': 'gitlab',
  'altssh.gitlab.com': 'gitlab',
  'codeberg.org': 'gitea',
  'gitea.com': 'gitea',
};

/** Throws `UsageError` `bad-settings` for an address that git could be led astray by, or that nothing is known about. */
export function remotePlace(address: string): RemotePlace {
  const scp = /^(?:[\w.-]+@)?([\w.-]+):(?!\/\/)([^\s]+)$/.exec(address);
  if (scp !== null && !/^[A-Za-z]:[\\/]/.test(address))
    return { protocol: 'ssh', host: scp[1] ?? '', path: cleanPath(scp[2] ?? '') };
  if (address.startsWith('/')) return { protocol: 'file', host: '', path: address };
  const url = URL.canParse(address) ? new URL(address) : null;
  const protocol = url?.protocol.replace(':', '');
  if (url === null || (protocol !== 'https' && protocol !== 'http' && protocol !== 'ssh' && protocol !== 'file')) {
    throw bad(
      `the remote's address ${JSON.stringify(withoutSecret(address))} is none that Orbit pushes to`,
      'use https, ssh or a path',
    );
  }
  if (protocol === 'file') return { protocol, host: '', path: decodeURIComponent(url.pathname) };
  if (protocol === 'http' && !isLoopback(url.hostname)) throw inTheClear(withoutSecret(address));
  return {
    protocol,
    host: protocol === 'ssh' ? url.hostname : url.host,
    path: cleanPath(decodeURIComponent(url.pathname)),
  };
}

/** The address without a name and password in it, as git may be given it and people be shown it. */
export function withoutSecret(address: string): string {
  if (!URL.canParse(address)) return address;
  const url = new URL(address);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return address;
  if (url.username === '' && url.password === '') return address;
  url.username = '';
  url.password = '';
  return url.href;
}

/** Throws `UsageError` `bad-settings` where kind or host cannot be told. */
export function forgePlace(remote: RemotePlace, wish: ForgeWish): ForgePlace {
  const url = forgeUrl(remote, wish);
  const kind =
    wish.kind === 'auto'
      ? (knownHosts[url.hostname] ?? (remote.protocol === 'file' && wish.url === null ? 'local' : null))
      : wish.kind;
  if (kind === null) {
    throw bad(
      `what kind of forge ${url.host} is cannot be told from its name`,
      'set forge.kind to github, gitlab or gitea (also for Forgejo)',
    );
  }
  const repository = wish.repository ?? remote.path.replace(/\.git$/, '').replace(/\/$/, '');
  if (kind !== 'local' && !isRepository(repository, kind)) {
    throw bad(`${JSON.stringify(repository)} is no repository of a forge`, 'set forge.repository, such as "acme/app"');
  }
  const base = url.href.replace(/\/$/, '');
  return { kind, host: url.host, url: base, api: apiOf(kind, url, base), repository };
}

function forgeUrl(remote: RemotePlace, { url, kind }: ForgeWish): URL {
  if (url === null) {
    if (remote.protocol === 'file') {
      if (kind === 'auto' || kind === 'local') return new URL('https://local.invalid');
      throw bad('the remote is a directory, so the forge cannot be told from it', 'set forge.url');
    }
    const host = remote.host.replace(/^ssh\.(github\.com)$/, '$1').replace(/^altssh\.(gitlab\.com)$/, '$1');
    return new URL(`${remote.protocol === 'http' ? 'http' : 'https'}://${host}`);
  }
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (
    parsed === null ||
    (parsed.protocol !== 'https:' && parsed.protocol !== 'http:') ||
    parsed.search !== '' ||
    parsed.hash !== ''
  ) {
    throw bad(
      `forge.url ${JSON.stringify(withoutSecret(url))} is no address of a forge`,
      'such as https://git.example.org',
    );
  }
  if (parsed.username !== '' || parsed.password !== '')
    throw bad('forge.url has a name or password in it', 'give the token by its variable');
  if (parsed.protocol === 'http:' && !isLoopback(parsed.hostname)) throw inTheClear(url);
  return parsed;
}

function apiOf(kind: ForgeKind, { hostname }: URL, base: string): string {
  if (kind === 'github') return hostname === 'github.com' ? 'https://api.github.com' : `${base}/api/v3`;
  return kind === 'gitlab' ? `${base}/api/v4` : `${base}/api/v1`;
}

/** GitLab has groups in groups; the others have one owner. */
function isRepository(path: string, kind: ForgeKind): boolean {
  const parts = path.split('/');
  const isFine = parts.every((part) => /^[\w.-]+$/.test(part) && part !== '.' && part !== '..');
  return isFine && (kind === 'gitlab' ? parts.length >= 2 : parts.length === 2);
}

function isLoopback(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname);
}

function cleanPath(path: string): string {
  return path.replace(/^\/+/, '').replace(/\/+$/, '');
}

function inTheClear(address: string): UsageError {
  return bad(`${address} would carry the token in the clear`, 'use https');
}

function bad(message: string, hint: string): UsageError {
  return new UsageError('bad-settings', message, hint);
}
