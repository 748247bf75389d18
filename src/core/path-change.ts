/**
 * A change of one path between two commits, as the object database tells it.
 *
 * Owns the shape only. A rename is two changes, so that neither end of it is overlooked.
 */

/** `type-changed`: a file became a symbolic link, a submodule, or the other way round. */
export type ChangeKind = 'added' | 'changed' | 'deleted' | 'type-changed';

export interface PathChange {
  path: string;
  kind: ChangeKind;
  /** As git writes it, such as `100644`; `null` where the path is on one side only. */
  oldMode: string | null;
  newMode: string | null;
  /** Id of the content: a blob, or the commit of a submodule. */
  oldId: string | null;
  newId: string | null;
}

/** Git's modes of what a path can be, but for directories. */
export const fileMode = {
  executable: '100755',
  symlink: '120000',
  submodule: '160000',
} as const;
