/** Who commits what Orbit makes. */

export interface Identity {
  name: string;
  email: string;
}

/** For landings and salvage. Fixed, so that the same content gives the same id on every machine. */
export const orbitIdentity: Identity = { name: 'Orbit', email: 'orbit@localhost' };

/** Environment for `commit-tree` that leaves nothing to the user's config or the clock. */
export function commitEnvironment(identity: Identity, atMs: number): Record<string, string> {
  const date = `@${Math.floor(atMs / 1_000)} +0000`;
  return {
    GIT_AUTHOR_NAME: identity.name,
    GIT_AUTHOR_EMAIL: identity.email,
    GIT_AUTHOR_DATE: date,
    GIT_COMMITTER_NAME: identity.name,
    GIT_COMMITTER_EMAIL: identity.email,
    GIT_COMMITTER_DATE: date,
  };
}
