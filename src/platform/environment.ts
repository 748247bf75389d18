/**
 * The environment of a child process (I19): an allow-list, never the parent's environment minus something.
 *
 * What is not listed here, not named in the settings and not set by Orbit does not reach a child. `ORBIT_*` is never
 * inherited: the names tell who a process acts for, and a stale one would make it act for somebody else.
 */
import { delimiter } from 'node:path';

const inheritedNames = new Set(['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'LANG', 'TERM', 'TMPDIR', 'TZ']);
const inheritedPrefixes = ['LC_', 'XDG_'];

export interface EnvironmentOrder {
  /** Further names to pass on, from the settings; exact names, so that a pattern cannot let a secret through. */
  allow: readonly string[];
  /** What Orbit sets; wins over what is inherited. */
  set: Readonly<Record<string, string>>;
  /** Folders put before the PATH. */
  pathFirst?: readonly string[];
  /** Default: this process's environment. */
  from?: Readonly<Record<string, string | undefined>>;
}

export function childEnvironment(order: EnvironmentOrder): Record<string, string> {
  const from = order.from ?? process.env;
  const allowed = new Set(order.allow);
  const environment: Record<string, string> = {};
  for (const [name, value] of Object.entries(from)) {
    if (value !== undefined && isInherited(name, allowed)) environment[name] = value;
  }
  Object.assign(environment, order.set);
  const path = [...(order.pathFirst ?? []), environment['PATH'] ?? ''].filter((entry) => entry !== '');
  if (path.length > 0) environment['PATH'] = path.join(delimiter);
  return environment;
}

function isInherited(name: string, allowed: ReadonlySet<string>): boolean {
  if (name.startsWith('ORBIT_')) return false;
  return inheritedNames.has(name) || allowed.has(name) || inheritedPrefixes.some((prefix) => name.startsWith(prefix));
}

/** Names that tell who a process acts for: a runner acts for nobody but its attempt, which it learns by its token. */
const identityNames = new Set([
  'ORBIT_PROJECT',
  'ORBIT_PLAN',
  'ORBIT_TASK',
  'ORBIT_TOKEN',
  'ORBIT_AGENT',
  'ORBIT_ATTEMPT',
  'ORBIT_CAPABILITY',
  'ORBIT_PROMPT',
]);

/** The environment without the names that tell who its process acts for. */
export function withoutIdentity(environment: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept = Object.entries(environment).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !identityNames.has(entry[0]),
  );
  return Object.fromEntries(kept);
}
