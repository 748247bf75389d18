/** The limits of `limits.ts` that are about forges, with unit and reason. */

export const forgeLimits = {
  /** One call to a forge. GitHub ends its own after 10 s; a self-hosted one may be slow. */
  forgeTimeoutMs: 30_000,
  /** One answer of a forge: a page of a hundred pull requests with full bodies has 8 MB at most. */
  forgeAnswerBytesMax: 16_777_216,
  /** Between two calls that make content on a forge: GitHub's own advice against its secondary limits. */
  forgeWriteGapMs: 1_000,
  /** A forge that limits without saying until when is left alone for so long; GitHub's advice is a minute. */
  forgeRestMs: 60_000,
  /** And for no longer than this, whatever it says: GitHub's limits are by the hour. */
  forgeRestMsMax: 3_600_000,
  /** How often open pull requests are looked at; with ETags a look at what did not change costs no quota. */
  forgePollMs: 30_000,
  /** New work, or a word from the store, brings the next look forward to so soon after the last. */
  forgePollSoonMs: 1_000,
  /** Looks at which a forge says "merged" and its branch does not show it; then a person is asked. Forges' copies lag by seconds. */
  forgeDoubtsMax: 4,
  /** A commit without any check yet may still get some: forges start them seconds after a push. */
  forgeChecksGraceMs: 60_000,
} as const;
