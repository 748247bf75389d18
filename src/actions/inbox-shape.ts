/**
 * A matter of the inbox: something that a person has to settle or know of.
 *
 * Owns its shape alone; `inbox-matter.ts` finds those about tasks, `inbox-notice.ts` those about plans, agents and messages.
 */
import type { TaskKey } from '../core/id.ts';
import type { InboxSort } from '../core/inbox-rank.ts';

export type InboxAction =
  | 'answer'
  | 'approve'
  | 'reject'
  | 'retry'
  | 'cancel'
  | 'close'
  | 'resume'
  | 'grant'
  | 'deny'
  | 'ack';

export interface Matter {
  id: string;
  kind: InboxSort;
  title: string;
  reason: string;
  plan: string | null;
  /** The task that it is about. */
  key: TaskKey | null;
  token: number | null;
  agent: string | null;
  /** Milliseconds since 1970. */
  since: number;
  /** Verbs that settle it, the likeliest first. */
  actions: readonly InboxAction[];
  /** What can be done about it elsewhere. */
  helps: readonly string[];
  /** Tasks that it keeps back. */
  keeps: readonly TaskKey[];
  risk: number;
}

/** What a matter says nothing about unless it is said. */
export const aboutNobody: Pick<Matter, 'plan' | 'key' | 'token' | 'agent' | 'actions' | 'helps' | 'keeps'> = {
  plan: null,
  key: null,
  token: null,
  agent: null,
  actions: [],
  helps: [],
  keeps: [],
};
