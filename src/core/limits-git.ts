/** The limits of `limits.ts` that are about git and workspaces, with unit and reason. */

export const gitLimits = {
  /** One plumbing run of git. The slowest measured on 57,000 files took 6 s; more means a hung disk or a filter that waits. */
  gitTimeoutMs: 60_000,
  /**
   * A checkout's index that another git holds is waited for this long before its branch is moved: `git status` and `git add` hold it for
   * milliseconds. What holds it longer (a commit with an editor open) holds the landing, which is tried again.
   */
  indexLockWaitMs: 500,
  /** A run of git that writes a checkout: 32 at once took 44 s on two cores, and large files or filters come on top. */
  gitCheckoutTimeoutMs: 600_000,
  /** Between asking a git that ran too long to end (it removes its locks then) and ending it. */
  gitStopGraceMs: 2_000,
  /** What one run of git may print: the path list of a repository with a million files fits. */
  gitOutputBytesMax: 268_435_456,
  /** Files of a change that are shown to people at once: more than anybody reads, less than a browser stumbles over. */
  changeFilesMax: 500,
  /** The patch of one file that is shown: some 4,000 lines; a larger one is generated, or for an editor. */
  patchBytesMax: 200_000,
  /** All patches of a change that are shown at once. */
  changeBytesMax: 4_000_000,
  /** Checkouts of removed workspaces kept for the next ones: enough for a burst of starts, without a disk full of idle files. */
  idleWorkspacesMax: 4,
  /** Waiting for a lock between Orbit's processes. 32 registrations take under a second; a full checkout may be ahead. */
  lockWaitMs: 600_000,
  /** One run of git that talks to a remote: a first fetch or push of a large repository over a slow line. */
  gitRemoteTimeoutMs: 600_000,
} as const;
