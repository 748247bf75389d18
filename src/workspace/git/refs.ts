/** Reading refs: lists of them, and where a symbolic one leads. */
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readCommits } from './objects.ts';
import { runGit } from './run-git.ts';

export interface Ref {
  ref: string;
  commit: string;
  tree: string;
  /** Committer date, in milliseconds since 1970. */
  at: number;
  subject: string;
  body: string;
}

/**
 * Refs that are one of `patterns`, lie below one (`refs/orbit/queue`) or match its `*`, newest commit first. One process.
 */
export async function listRefs(gitDir: string, patterns: readonly string[]): Promise<Ref[]> {
  const args = ['for-each-ref', '--sort=-committerdate', `--format=${fields.join('%00')}%00`, '--', ...patterns];
  const { stdout } = await runGit(args, { gitDir });
  const values = stdout.toString('utf8').split('\0');
  const refs: Ref[] = [];
  for (let at = 0; at + fields.length < values.length; at += fields.length) {
    const [ref = '', commit = '', tree = '', date = '', subject = '', body = ''] = values.slice(at, at + fields.length);
    // A record ends with a line feed, which so stands before the next one's ref.
    refs.push({ ref: ref.trimStart(), commit, tree, at: Number(date) * 1_000, subject, body });
  }
  return refs;
}

const fields = [
  '%(refname)',
  '%(objectname)',
  '%(tree)',
  '%(committerdate:unix)',
  '%(contents:subject)',
  '%(contents:body)',
];

/** The ref that `ref` links to, `null` if it is none. No process where refs are files: a symbolic one is never packed. */
export async function symbolicTarget(gitDir: string, ref: string): Promise<string | null> {
  const stub = (await readFile(join(gitDir, 'HEAD'), 'latin1').catch(() => '')).trim();
  if (stub !== 'ref: refs/heads/.invalid') {
    const path = join(gitDir, ref);
    const kind = await lstat(path).catch(() => null);
    // Git takes a link of the file system for a symbolic ref. A pipe would keep a reader waiting.
    if (kind?.isSymbolicLink() === true) return readlink(path);
    const text = kind?.isFile() === true ? await readFile(path, 'utf8').catch(() => '') : '';
    return /^ref:\s*(\S+)/.exec(text)?.[1] ?? null;
  }
  const asked = await runGit(['symbolic-ref', '--quiet', '--end-of-options', ref], { gitDir, accept: [0, 1, 128] });
  return asked.exitCode === 0 ? asked.stdout.toString('utf8').trim() : null;
}

/**
 * The commit that exactly this full ref holds, `null` if there is none. Git takes a name that is missing for one that ends in it: a tag
 * or branch of somebody's that is called `refs/heads/x` would pass for the branch `x`. No process unless there is such a one.
 */
export async function exactCommit(gitDir: string, ref: string): Promise<string | null> {
  const [own, ...likenesses] = await readCommits(gitDir, [ref, ...likenessesOf(ref)]);
  if (own === undefined || own === null) return null;
  if (likenesses.every((likeness) => likeness === null)) return own.commit;
  const shown = await runGit(['show-ref', '--verify', '--hash', '--', ref], { gitDir, accept: [0, 1, 128] });
  if (shown.exitCode !== 0) return null;
  return (await readCommits(gitDir, [shown.stdout.toString('utf8').trim()]))[0]?.commit ?? null;
}

/** Where git looks for a name that is no ref as it stands. */
function likenessesOf(ref: string): string[] {
  return [`refs/${ref}`, `refs/tags/${ref}`, `refs/heads/${ref}`, `refs/remotes/${ref}`, `refs/remotes/${ref}/HEAD`];
}
