/** Listing refs. */
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
