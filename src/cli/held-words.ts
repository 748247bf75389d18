/** Words for landings that wait for something that only a person can change. */
import { oneLine } from '../platform/text.ts';

/** The reason as one line: it says what to do, so it is not cut short. */
export function heldLine({ why, since }: { why: string; since: string }): string {
  return `held since ${since}: ${oneLine(why, heldLengthMax)}`;
}

const heldLengthMax = 800;
