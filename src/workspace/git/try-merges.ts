/**
 * Many merges in one process, for a look: their objects go to a directory that is thrown away.
 *
 * `git merge-tree --stdin` answers while its input is open only from 2.49 on, so all pairs are handed over and the input is closed. It
 * ends at the first pair that it cannot merge at all (no common history, a missing object); what it answered before counts, that pair
 * is passed over and the rest is asked anew. In its answers 1 means clean and 0 conflict. It takes no base before 2.40 or so: where one
 * is asked for, each side stands in as a commit of its tree directly on that base, written beside the repository.
 */
import { join } from 'node:path';
import { limits } from '../../core/limits.ts';
import type { MergePair } from '../repository.ts';
import { inHalves } from './in-halves.ts';
import { isObjectId, readCommits, readObjects, type CommitAndTree } from './objects.ts';
import { makeScratch, type Scratch } from './scratch.ts';
import { allObjects, borrowObjects, objectsIn, writeStandIn } from './side-objects.ts';

type Verdict = readonly string[] | null;

/** See `Repository.tryMerges`. A process, and one more per pair that cannot be merged. Throws OperationalError `git-failed`. */
export async function tryMerges(
  commonDirectory: string,
  pairs: readonly MergePair[],
  attributes: string,
): Promise<Verdict[]> {
  if (pairs.length === 0) return [];
  const view = allObjects(commonDirectory);
  const names = [
    ...new Set(pairs.flatMap(({ ours, theirs, base }) => [ours, theirs, ...(base === null ? [] : [base])])),
  ];
  const [[top], found] = await Promise.all([
    readObjects(commonDirectory, [`${attributes}:.gitattributes`]),
    readCommits(view, names),
  ]);
  const commits = new Map(names.map((name, index) => [name, found[index] ?? null]));
  await using scratch = await makeScratch(commonDirectory, top?.type === 'blob' ? { attributes: top.content } : {});
  const objects = objectsIn(scratch.directory);
  borrowObjects(objects, [...new Set([objectsIn(view), join(commonDirectory, 'objects')])]);
  const lines = pairs.map((pair) => lineOf(pair, commits, objects));
  const asked = lines.filter((line) => line !== null);
  const answers = await inHalves(asked, async (some) => mergeAll(scratch, objects, some));
  let next = 0;
  return lines.map((line) => (line === null ? null : (answers[next++] ?? null)));
}

/** `null` if a commit is not there. */
function lineOf(
  { ours, theirs, base }: MergePair,
  commits: ReadonlyMap<string, CommitAndTree | null>,
  objects: string,
): string | null {
  const [left, right] = [commits.get(ours), commits.get(theirs)];
  const onto = base === null ? undefined : commits.get(base);
  if (!left || !right || onto === null) return null;
  if (onto === undefined) return `${left.commit} ${right.commit}`;
  return [left, right].map(({ tree }) => writeStandIn(objects, { tree, parent: onto.commit })).join(' ');
}

async function mergeAll(scratch: Scratch, objects: string, lines: readonly string[]): Promise<Verdict[]> {
  const verdicts: Verdict[] = [];
  while (verdicts.length < lines.length) {
    const input = `${lines.slice(verdicts.length).join('\n')}\n`;
    const { exitCode, stdout } = await scratch.run(['merge-tree', '--write-tree', '-z', '--stdin'], {
      input,
      accept: [0, 1, 128],
      environment: { GIT_OBJECT_DIRECTORY: objects },
      // What is thrown away need not be small.
      config: ['core.looseCompression=0', 'core.fsync=none'],
      timeoutMs: limits.lookoutGitTimeoutMs,
    });
    verdicts.push(...readAnswers(stdout));
    if (exitCode === 0) break;
    verdicts.push(null);
  }
  return verdicts;
}

/**
 * `status NUL tree NUL`, then of a conflict `mode id stage TAB path NUL` per entry, an empty field and the messages as
 * `n NUL path×n NUL type NUL text NUL`; an empty field ends each answer. One that was cut off is none.
 */
function readAnswers(output: Buffer): Verdict[] {
  const fields = output.toString('utf8').split('\0');
  const answers: Verdict[] = [];
  let at = 0;
  while (at < fields.length) {
    const [status = '', tree = ''] = fields.slice(at, at + 2);
    if (!/^-?\d+$/.test(status)) break;
    at += 2;
    const paths: string[] = [];
    if (status === '0') {
      for (; at < fields.length && fields[at] !== ''; at += 1) paths.push((fields[at] ?? '').replace(/^[^\t]*\t/, ''));
      at += 1;
      for (; at < fields.length && /^\d+$/.test(fields[at] ?? '');) {
        const count = Number(fields[at]);
        if (fields[at + 1 + count]?.startsWith('CONFLICT') === true)
          paths.push(...fields.slice(at + 1, at + 1 + count));
        at += count + 3;
      }
    }
    // The last field of whole output is what stands behind its last NUL: nothing.
    if (fields[at] !== '' || at === fields.length - 1) break;
    at += 1;
    answers.push(isObjectId(tree) ? [...new Set(paths)].sort() : null);
  }
  return answers;
}
