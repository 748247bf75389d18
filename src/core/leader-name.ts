/**
 * What the name of a coordinator tells about it, besides which process it is (`coordinator/holder.ts`).
 *
 * Owns the mark of one that gives out only what it is asked for: everybody who looks must know that it does not work through the plan.
 */

const mark = ' on-request';

export function markOnRequest(holder: string): string {
  return `${holder}${mark}`;
}

export function isOnRequest(holder: string): boolean {
  return holder.endsWith(mark);
}
