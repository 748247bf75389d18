/** What supervision is told of an attempt before it begins. */
import type { Budget } from './spend.ts';
import type { Thresholds } from './thresholds.ts';

export interface SupervisionOrder {
  /** Of the attempt: its time counts from here. */
  startedAt: number;
  /** Absolute path, `null` where it is not known. */
  workspace: string | null;
  /** Kind of the task: where the work is to read, rules about reading rest. */
  kind: string;
  scope: readonly string[];
  shared: readonly string[];
  budget: Budget;
  limits: Thresholds;
  canHint: boolean;
  /** Somebody looks at the processes and the workspace when asked to. */
  hasLooks: boolean;
  /** Between two turns it waits for a person, and that is no silence. */
  restsBetweenTurns: boolean;
  /** Its messages are lines of a plain program's output, which may well repeat. */
  messagesAreLines: boolean;
  /** A time of its events for a person; '' where times are not known. */
  timeOf: (at: number) => string;
}
