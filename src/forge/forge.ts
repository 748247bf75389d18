/**
 * The forge port: pull requests of one repository on one forge, in verbs of the domain.
 *
 * Owns no state; the folders beside this file are implementations, and all of them pass the one suite in
 * `test/conformance/forge-suite.ts`. Branches are short names, commits full ids.
 *
 * An implementation MUST
 * - answer `find` by head branch and hidden marker alone, over as many pages as the forge gives;
 * - make `open`, `update`, `close` and `comment` harmless to repeat: a crash may come after any call, before its answer;
 * - send its token to the forge's own host alone, and put it into no error, log or address;
 * - bound time and size of every answer.
 *
 * It MUST NOT decide anything that core decides, nor believe that something happened because a call was answered with success:
 * it answers what the forge says, and callers look at git.
 *
 * Errors: `OperationalError` with a `forge-…` code and `retryable`; see `docs/errors.md`.
 */
import type { ChecksState, ReviewState } from '../core/pull-request.ts';

export type ForgeKind = 'local' | 'github' | 'gitlab' | 'gitea';

export interface PullRequest {
  number: number;
  /** Where people see it. */
  url: string;
  state: 'open' | 'merged' | 'closed';
  head: string;
  base: string;
  title: string;
  body: string;
  /** The head's commit as the forge knows it; after the end the last one it had. */
  commit: string | null;
  /** What the forge says it was merged as. */
  mergedAs: string | null;
  /** Ref of the remote under which the forge keeps the head even when its branch is gone; `null` where there is none. */
  keptRef: string | null;
}

export interface OpenPullRequest {
  head: string;
  base: string;
  title: string;
  /** Holds the marker. */
  body: string;
  marker: string;
}

export interface Checks {
  state: ChecksState;
  /** Some of them could not be seen with this token, so `green` and `none` prove nothing. */
  unseen?: true;
  /** Names and words of those that failed, for the agent that mends it. */
  failed: readonly { name: string; text: string; url: string | null }[];
}

export interface Reviews {
  state: ReviewState;
  /** What was said by those who ask for changes to the present head, oldest first. */
  comments: readonly { author: string; text: string; path: string | null; line: number | null }[];
}

export interface Forge {
  kind: ForgeKind;
  /** For people: `github.com/acme/app`. */
  name: string;
  /** The newest pull request with this head and marker; open ones before ended ones. */
  find(order: { head: string; marker: string }): Promise<PullRequest | null>;
  /** Opens one, or adopts the open one that there is between these branches. */
  open(order: OpenPullRequest): Promise<PullRequest>;
  get(number: number): Promise<PullRequest>;
  update(number: number, change: { title?: string; body?: string; base?: string }): Promise<PullRequest>;
  /** Everything that reported on a commit: statuses and check runs. */
  checks(commit: string): Promise<Checks>;
  reviews(pull: PullRequest): Promise<Reviews>;
  /** Asks for the merge of exactly this head. `false`: the forge does not do it, with its reason. */
  merge(number: number, order: { commit: string; title: string }): Promise<{ merged: boolean; why: string }>;
  close(number: number): Promise<void>;
  /** Says something once: a comment that holds the marker is not made again. */
  comment(number: number, order: { text: string; marker: string }): Promise<void>;
}
