/**
 * Putting commits onto another base without a checkout, as a rebase would.
 *
 * Owns what stays of a commit: message, author and both dates. A plain line of commits is taken one by one, each merged with its parent
 * as the base; one that holds merges, or was begun anew from elsewhere, becomes one commit, because only its sum is known to be right.
 * Signatures go: they would not fit. Nothing here reads the clock, so the same order gives the same ids.
 */
import { limits } from '../../core/limits.ts';
import { OperationalError } from '../../platform/error.ts';
import type { Replay, ReplayOrder } from '../repository.ts';
import { writeCommitBody } from './commit-object.ts';
import { mergeCommits } from './merge.ts';
import { readObjects } from './objects.ts';
import { runGit } from './run-git.ts';

/** Two merges' worth of processes per commit. Throws OperationalError `git-failed` for a commit that is not there. */
export async function replayCommits(commonDirectory: string, order: ReplayOrder): Promise<Replay> {
  const { from, to, onto } = order;
  const line = await plainLine(commonDirectory, from, to);
  if (line === null) return squash(commonDirectory, order);
  let head = onto;
  let tree = '';
  let below = from;
  for (const commit of line) {
    const merge = await mergeCommits(commonDirectory, { ours: head, theirs: commit, base: below });
    // One by one may meet what a later commit of the line takes back: then the sum decides.
    if (!merge.clean) return squash(commonDirectory, order);
    tree = merge.tree;
    head = await rewrite(commonDirectory, { commit, tree, parent: head, message: null });
    below = commit;
  }
  return { clean: true, commit: head, tree };
}

/** The commits of `from..to`, oldest first, if each has the one before as its only parent; else `null`. */
async function plainLine(commonDirectory: string, from: string, to: string): Promise<string[] | null> {
  const args = ['rev-list', '--parents', '--topo-order', `--max-count=${limits.replayedCommitsMax + 1}`];
  const { stdout } = await runGit([...args, '--end-of-options', `${from}..${to}`], { gitDir: commonDirectory });
  const rows = stdout.toString('utf8').split('\n').slice(0, -1).toReversed();
  if (rows.length === 0 || rows.length > limits.replayedCommitsMax) return null;
  let below = from;
  for (const row of rows) {
    const [commit = '', ...parents] = row.split(' ');
    if (parents.length !== 1 || parents[0] !== below) return null;
    below = commit;
  }
  return rows.map((row) => row.split(' ')[0] ?? '');
}

async function squash(commonDirectory: string, { from, to, onto, message }: ReplayOrder): Promise<Replay> {
  const merge = await mergeCommits(commonDirectory, { ours: onto, theirs: to, base: from });
  if (!merge.clean) return { clean: false, tree: merge.tree, paths: merge.paths };
  const { tree } = merge;
  return { clean: true, tree, commit: await rewrite(commonDirectory, { commit: to, tree, parent: onto, message }) };
}

/** A commit like another, with another tree and parent. @param change.message `null`: as it was. */
async function rewrite(
  commonDirectory: string,
  change: { commit: string; tree: string; parent: string; message: string | null },
): Promise<string> {
  const { commit, tree, parent, message } = change;
  const [object] = await readObjects(commonDirectory, [`${commit}^{commit}`]);
  if (object?.type !== 'commit') {
    throw new OperationalError('git-failed', `${commit} is no commit of ${commonDirectory}`, {
      hint: 'Run `git fsck`.',
    });
  }
  // Bytes, not text: a message or name may be in any encoding.
  const text = object.content.toString('latin1');
  const end = text.indexOf('\n\n');
  const kept = text
    .slice(0, end === -1 ? text.length : end)
    .split('\n')
    .filter((row) => /^(?:author|committer|encoding) /.test(row));
  const words = message === null ? text.slice(end + 2) : Buffer.from(message).toString('latin1');
  const body = [`tree ${tree}`, `parent ${parent}`, ...kept, '', words].join('\n');
  return writeCommitBody(commonDirectory, Buffer.from(body, 'latin1'), { tree, parents: [parent] });
}
