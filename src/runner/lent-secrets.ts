/**
 * The secrets of a login that was lent to an agent: values in the small files of its private home.
 *
 * Owns which of them count: texts under names that say so, in JSON and in lines of `name = value`. An adapter copies the files;
 * what they hold must be in no log, although nobody put it into the environment (I19).
 */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** Logins lie near the top, in small files; caches and unpacked programs do not matter. */
const depthMax = 4;
const filesMax = 200;
const bytesMax = 256 * 1024;
const lengthMin = 16;

/** Never throws: what cannot be read is passed over. */
export function lentSecrets(home: string): string[] {
  const found = new Set<string>();
  let left = filesMax;
  const walk = (directory: string, depth: number): void => {
    for (const entry of entriesIn(directory)) {
      const path = join(directory, entry.name);
      if (entry.isDirectory() && depth < depthMax && !/^(?:\.cache|node_modules|pkg)$/.test(entry.name))
        walk(path, depth + 1);
      // A login may be a link to the user's own, so that both are renewed together.
      if (!(entry.isFile() || entry.isSymbolicLink()) || (left -= 1) < 0) continue;
      for (const value of secretsIn(textOf(path))) found.add(value);
    }
  };
  walk(home, 1);
  return [...found];
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

function textOf(path: string): string {
  try {
    const seen = statSync(path);
    return seen.isFile() && seen.size <= bytesMax ? readFileSync(path, 'utf8') : '';
  } catch {
    return '';
  }
}
