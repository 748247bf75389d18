/**
 * A place beside the repository for objects that only the look-out needs: what agents have not committed, as commits of nobody.
 *
 * Owns one git directory per repository and process that sees the repository's objects and its own. It goes with the process; one that a
 * killed process left is swept like any scratch directory.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commitObject, type CommitOrder } from './commit-object.ts';
import { orbitIdentity } from './identity.ts';
import { writeLoose } from './loose-object.ts';
import { makeScratch } from './scratch.ts';

const places = new Map<string, string>();

/** The place of this process, made if there is none. */
export async function sidePlace(commonDirectory: string): Promise<string> {
  const known = places.get(commonDirectory);
  if (known !== undefined && existsSync(known)) return known;
  const { directory } = await makeScratch(commonDirectory, {});
  borrowObjects(objectsIn(directory), [join(commonDirectory, 'objects')]);
  if (places.size === 0) process.once('exit', removePlaces);
  places.set(commonDirectory, directory);
  return directory;
}

/** Throws away what it holds. */
export function clearSidePlace(commonDirectory: string): void {
  const known = places.get(commonDirectory);
  places.delete(commonDirectory);
  if (known !== undefined) rmSync(known, { recursive: true, force: true });
}

/** A git directory from which all objects can be read: the repository's, and those of the side place if there is one. */
export function allObjects(commonDirectory: string): string {
  const known = places.get(commonDirectory);
  return known !== undefined && existsSync(known) ? known : commonDirectory;
}

export function objectsIn(gitDir: string): string {
  return join(gitDir, 'objects');
}

/** Writes a commit by nobody, at no time: the same content has the same id. Answers the id. */
export function writeStandIn(objects: string, { tree, parent }: { tree: string; parent: string }): string {
  const order: CommitOrder = { tree, parents: [parent], message: 'stand-in\n', atMs: 0 };
  const commit = commitObject(orbitIdentity, order);
  writeLoose(objects, commit);
  return commit.id;
}

/** A file rather than a variable of the environment: no character of a path but the line's end has a meaning there. */
export function borrowObjects(objects: string, from: readonly string[]): void {
  mkdirSync(join(objects, 'info'), { recursive: true });
  const lines = from.map((path) => `${/["\n]/.test(path) ? quoted(path) : path}\n`);
  writeFileSync(join(objects, 'info', 'alternates'), lines.join(''));
}

function quoted(path: string): string {
  const escaped = path
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
  return `"${escaped}"`;
}

function removePlaces(): void {
  for (const directory of places.values()) rmSync(directory, { recursive: true, force: true });
}
