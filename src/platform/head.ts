/**
 * What a worktree's HEAD points at, read from files.
 *
 * Owns the reading of HEAD, loose and packed refs (gitrepository-layout). Answers `undefined` for anything else, such as a
 * reftable repository: then git has to be asked. Starting git for this would double the time of `orbit claim`.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Paths } from './paths.ts';

export interface Head {
  /** Full ref of the branch, `null` when detached. */
  branch: string | null;
  /** `null`: the branch has no commit yet. `undefined`: not told by files, ask git. */
  commit: string | null | undefined;
}

const objectId = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;

export function readHead(paths: Pick<Paths, 'gitDirectory' | 'commonDirectory'>): Head {
  const text = read(join(paths.gitDirectory, 'HEAD'))?.trim() ?? '';
  if (objectId.test(text)) return { branch: null, commit: text };
  const branch = /^ref: (refs\/.+)$/.exec(text)?.[1] ?? null;
  if (branch === null || branch === 'refs/heads/.invalid') return { branch: null, commit: undefined };
  return { branch, commit: readRef(paths.commonDirectory, branch) };
}

/** The commit of a full ref, `null` if there is none, `undefined` where it cannot be told from files. */
export function readRef(commonDirectory: string, ref: string): string | null | undefined {
  const loose = read(join(commonDirectory, ref))?.trim();
  if (loose !== undefined) return objectId.test(loose) ? loose : undefined;
  const packed = read(join(commonDirectory, 'packed-refs')) ?? '';
  const end = packed.indexOf(` ${ref}\n`);
  if (end < 0) return read(join(commonDirectory, 'reftable', 'tables.list')) === undefined ? null : undefined;
  const id = packed.slice(packed.lastIndexOf('\n', end) + 1, end);
  return objectId.test(id) ? id : undefined;
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
