/** Where a project's servers answer: a file of each, since `orbit serve` and runs serve side by side. */
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { lookAtProcess, processIdentity } from '../platform/process.ts';
import type { ProcessIdentity } from '../core/attempt.ts';
import { replaceFile } from '../platform/replace-file.ts';

export interface ApiPlace {
  url: string;
  server: ProcessIdentity | null;
}

/** The folder of these files in a project's own. */
export function placesIn(orbitDirectory: string): string {
  return join(orbitDirectory, 'api');
}

/** Until it is disposed of. Files of servers that were killed are cleared away. */
export function keepPlace(folder: string, url: string): Disposable {
  mkdirSync(folder, { recursive: true });
  for (const file of filesOf(folder)) if (readOne(file) === null) rmSync(file, { force: true });
  const file = join(folder, `${process.pid}-${new URL(url).port}.json`);
  const place: ApiPlace = { url, server: processIdentity(process.pid) };
  replaceFile(file, `${JSON.stringify(place)}\n`);
  return { [Symbol.dispose]: () => rmSync(file, { force: true }) };
}

/** Of the server that was started last; `null` where none was, or their processes are gone. */
export function readPlace(folder: string): ApiPlace | null {
  const found = filesOf(folder).flatMap((file) => {
    const place = readOne(file);
    return place === null ? [] : [{ place, at: statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0 }];
  });
  return found.toSorted((one, other) => other.at - one.at)[0]?.place ?? null;
}

function filesOf(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .map((name) => join(folder, name));
  } catch {
    return [];
  }
}

function readOne(file: string): ApiPlace | null {
  try {
    const place = JSON.parse(readFileSync(file, 'utf8')) as ApiPlace;
    return place.server === null || lookAtProcess(place.server) === 'gone' ? null : place;
  } catch {
    return null;
  }
}
