/** Where a project's server answers, as its file tells. */
import { readFileSync, rmSync } from 'node:fs';
import { lookAtProcess, processIdentity } from '../platform/process.ts';
import type { ProcessIdentity } from '../core/attempt.ts';
import { replaceFile } from '../platform/replace-file.ts';

export interface ApiPlace {
  url: string;
  server: ProcessIdentity | null;
}

export function keepPlace(file: string, url: string): void {
  const place: ApiPlace = { url, server: processIdentity(process.pid) };
  replaceFile(file, `${JSON.stringify(place)}\n`);
}

/** Only what this process wrote: another may have taken over meanwhile. */
export function forgetPlace(file: string, url: string): void {
  if (readPlace(file)?.url === url) rmSync(file, { force: true });
}

/** `null` where no server was started, or its process is gone. */
export function readPlace(file: string): ApiPlace | null {
  try {
    const place = JSON.parse(readFileSync(file, 'utf8')) as ApiPlace;
    return place.server === null || lookAtProcess(place.server) === 'gone' ? null : place;
  } catch {
    return null;
  }
}
