/**
 * The remote port: the repository on the forge, as git sees it. Branches are short names, commits full ids.
 *
 * An implementation MUST push by lease only, only to branches that Orbit makes (`isOwnBranch`), and show credentials to nobody but the
 * remote. What a push came to is never believed: callers look with {@link Remote.tips}.
 *
 * Errors: `OperationalError` `forge-denied`, `forge-unavailable`, `git-failed`.
 */
export interface Remote {
  /** Where it is, for people, without credentials. */
  address: string;
  /** Tips of those of the branches that exist. */
  tips(branches: readonly string[]): Promise<ReadonlyMap<string, string>>;
  /** Brings a ref's commit into the repository and answers it; `null` where the remote has no such ref. Pins nothing. */
  fetch(ref: string): Promise<string | null>;
  /**
   * Moves a branch to `commit` if it is at `from` (`null`: does not exist yet); `refused`: it is elsewhere, or the forge protects it.
   */
  push(order: { branch: string; commit: string; from: string | null }): Promise<'pushed' | 'refused'>;
}
