/** HEAD of a checkout, read from its git directory. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObjectId } from './objects.ts';
import { exactCommit } from './refs.ts';
import { runGit } from './run-git.ts';

/** Full ref of the branch that HEAD is on, or the commit id it is detached at; `null` if neither can be read. */
export async function readHead(gitDir: string): Promise<string | null> {
  const text = (await readFile(join(gitDir, 'HEAD'), 'utf8').catch(() => '')).trim();
  // The stub that stands there when refs are kept in a table (reftable) instead of files.
  if (text === 'ref: refs/heads/.invalid') return askHead(gitDir);
  if (isObjectId(text)) return text;
  const ref = /^ref: (refs\/\S+)$/.exec(text)?.[1];
  return ref === undefined || ref.includes('..') ? null : ref;
}

/** The commit that HEAD of a checkout stands at; `null` on a branch without commits, or if it cannot be read. */
export async function headCommit(place: { commonDirectory: string; gitDir: string }): Promise<string | null> {
  const head = await readHead(place.gitDir);
  return head === null || isObjectId(head) ? head : exactCommit(place.commonDirectory, head);
}

async function askHead(gitDir: string): Promise<string | null> {
  const branch = await runGit(['symbolic-ref', '--quiet', 'HEAD'], { gitDir, accept: [0, 1] });
  if (branch.exitCode === 0) return branch.stdout.toString('utf8').trim();
  const commit = await runGit(['rev-parse', '--verify', '--quiet', 'HEAD'], { gitDir, accept: [0, 1] });
  return commit.exitCode === 0 ? commit.stdout.toString('utf8').trim() : null;
}
