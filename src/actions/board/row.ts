/** A row of the board: its lines, and what a key pressed on it is about. */
import { duration } from '../../platform/words.ts';
import type { Surroundings } from '../look-around.ts';
import type { Line } from './line.ts';

/** What a key pressed on a row is about. */
export interface Subject {
  /** `001/T031`; `null`: the plan itself. */
  key: string | null;
  plan: string;
  /** Of a row about one attempt. */
  token: number | null;
}

export interface Row {
  lines: readonly Line[];
  /** `null`: nothing to select. */
  about: Subject | null;
}

/** Below this width facts stand below one another instead of side by side. */
export const narrowColumns = 80;

/** Time since an ISO time, by the facts' own clock. */
export function since(seen: Pick<Surroundings, 'at'>, iso: string): string {
  return duration(Date.parse(seen.at) - Date.parse(iso));
}
