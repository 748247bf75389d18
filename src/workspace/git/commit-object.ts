/**
 * Writing commit objects without a process of git.
 *
 * The object is the one `git commit-tree` writes, byte for byte (see loose-object.ts). Where the repository is shared by a group, whose modes git knows and
 * Orbit does not, git itself writes it.
 */
import { join } from 'node:path';
import { OperationalError } from '../../platform/error.ts';
import { commitEnvironment, type Identity } from './identity.ts';
import { isShared, looseObject, writeLoose, type LooseObject } from './loose-object.ts';
import { readObjects } from './objects.ts';
import { runGit } from './run-git.ts';

export interface CommitOrder {
  tree: string;
  parents: readonly string[];
  message: string;
  /** Author and committer date, in milliseconds since 1970. */
  atMs: number;
}

/** Writes the commit and answers its id. Throws OperationalError `git-failed` if its tree or a parent is not there. */
export async function writeCommit(commonDirectory: string, identity: Identity, order: CommitOrder): Promise<string> {
  if (isShared(commonDirectory)) {
    await refuseMissing(commonDirectory, order);
    return commitByGit(commonDirectory, identity, order);
  }
  return writeCommitBody(commonDirectory, Buffer.from(textOf(identity, order)), order);
}

/**
 * Writes a commit whose every byte is given, such as one with the author of another. Throws OperationalError `git-failed` if its
 * tree or a parent, named once more in `order`, is not there.
 */
export async function writeCommitBody(
  commonDirectory: string,
  body: Buffer,
  order: Pick<CommitOrder, 'tree' | 'parents'>,
): Promise<string> {
  await refuseMissing(commonDirectory, order);
  if (isShared(commonDirectory)) return bodyByGit(commonDirectory, body);
  const commit = looseObject('commit', body, order.tree);
  writeLoose(join(commonDirectory, 'objects'), commit);
  return commit.id;
}

export function commitObject(identity: Identity, order: CommitOrder): LooseObject {
  return looseObject('commit', Buffer.from(textOf(identity, order)), order.tree);
}

function textOf({ name, email }: Identity, { tree, parents, message, atMs }: CommitOrder): string {
  const who = `${name} <${email}> ${Math.floor(atMs / 1_000)} +0000`;
  const above = parents.map((parent) => `parent ${parent}\n`).join('');
  return `tree ${tree}\n${above}author ${who}\ncommitter ${who}\n\n${message}`;
}

async function refuseMissing(
  commonDirectory: string,
  { tree, parents }: Pick<CommitOrder, 'tree' | 'parents'>,
): Promise<void> {
  const names = [tree, ...parents];
  const found = await readObjects(commonDirectory, names);
  const at = found.findIndex(
    (object, index) => object?.id !== names[index] || object?.type !== (index === 0 ? 'tree' : 'commit'),
  );
  if (at === -1) return;
  const what = at === 0 ? 'tree' : 'commit';
  throw new OperationalError('git-failed', `cannot commit: ${names[at]} is no ${what} of this repository`, {
    hint: 'Run `git fsck`.',
  });
}

async function commitByGit(commonDirectory: string, identity: Identity, order: CommitOrder): Promise<string> {
  const args = ['commit-tree', ...order.parents.flatMap((parent) => ['-p', parent]), order.tree];
  const environment = commitEnvironment(identity, order.atMs);
  const { stdout } = await runGit(args, { gitDir: commonDirectory, input: order.message, environment });
  return stdout.toString('utf8').trim();
}

async function bodyByGit(commonDirectory: string, body: Buffer): Promise<string> {
  const args = ['hash-object', '-t', 'commit', '-w', '--stdin'];
  const { stdout } = await runGit(args, { gitDir: commonDirectory, input: body });
  return stdout.toString('utf8').trim();
}
