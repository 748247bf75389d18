/**
 * The secrets of a login that was lent to an agent: values in the small files of its private home.
 *
 * Owns which of them count: texts under names that say so, in JSON and in lines of `name = value`, of files that came into the home
 * when the agent was started. An adapter writes them; what they hold must be in no log, although nobody put it into the
 * environment (I19). What an earlier attempt left in a home that is gone on with is not read: its agent may have filled it with
 * words that then nobody would find in a log again, or with links to what it was never lent.
 */
import { lstatSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Logins lie near the top, in small files; caches and unpacked programs do not matter. */
const depthMax = 4;
const bytesMax = 256 * 1024;
/** Of all files together: a login takes kilobytes, settings with it tens of them. */
const bytesAllMax = 4 * 1024 * 1024;
/** An agent can make any number of files, and each look costs time. */
const entriesMax = 5_000;
const lengthMin = 16;

/** The files of a home, each with what changes when it is written or replaced. */
export type HomeFiles = ReadonlyMap<string, string>;

/** Never throws: a home that is not there has no files. */
export function filesOf(home: string): HomeFiles {
  const found = new Map<string, string>();
  let left = entriesMax;
  const walk = (directory: string, depth: number): void => {
    for (const entry of entriesIn(directory)) {
      if ((left -= 1) < 0) return;
      const path = join(directory, entry.name);
      if (entry.isDirectory() && depth < depthMax && !/^(?:\.cache|node_modules|pkg)$/.test(entry.name))
        walk(path, depth + 1);
      // A login may be a link to the user's own, so that both are renewed together.
      if (entry.isFile() || entry.isSymbolicLink()) found.set(path, stampOf(path));
    }
  };
  walk(home, 1);
  return found;
}

/** Never throws: what cannot be read is passed over. @param before the home's files before the agent was started. */
export function lentSecrets(home: string, before: HomeFiles): string[] {
  const found = new Set<string>();
  let left = bytesAllMax;
  for (const [path, stamp] of filesOf(home)) {
    if (stamp === before.get(path)) continue;
    const text = textOf(path, Math.min(left, bytesMax));
    left -= text.length;
    for (const value of secretsIn(text)) found.add(value);
  }
  return [...found];
}

function stampOf(path: string): string {
  try {
    const { ino, size, ctimeNs } = lstatSync(path, { bigint: true });
    return `${ino} ${size} ${ctimeNs}`;
  } catch {
    return '';
  }
}

/** `"access_token": "…"`, `apiKey = "…"`, `API_KEY=…`. */
const assignment = /["']?[\w.-]*(?:token|key|secret|password|credential)[\w.-]*["']?\s*[:=]\s*["']?([^\s"',}]+)/gi;

function secretsIn(text: string): string[] {
  return [...text.matchAll(assignment)].flatMap(([, value = '']) => (value.length >= lengthMin ? [value] : []));
}

function entriesIn(directory: string) {
  try {
    return readdirSync(directory, { withFileTypes: true });
  } catch {
    return [];
  }
}

function textOf(path: string, max: number): string {
  try {
    const seen = statSync(path);
    return seen.isFile() && seen.size <= max ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}
