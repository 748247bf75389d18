/** Puts lines side by side. Pure. */
import type { Line } from './patch.ts';

export interface Pair {
  /** Places in the hunk; `undefined`: nothing stands on that side. */
  readonly left: number | undefined;
  readonly right: number | undefined;
}

/** Removed lines stand beside the added ones that follow them, unchanged lines on both sides. */
export function pairLines(lines: readonly Pick<Line, 'sign'>[]): Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at < lines.length;) {
    if (lines[at]?.sign === ' ') {
      pairs.push({ left: at, right: at });
      at += 1;
      continue;
    }
    const removed = runOf(lines, at, '-');
    const added = runOf(lines, at + removed, '+');
    for (let nth = 0; nth < Math.max(removed, added); nth += 1)
      pairs.push({
        left: nth < removed ? at + nth : undefined,
        right: nth < added ? at + removed + nth : undefined,
      });
    at += removed + added;
  }
  return pairs;
}

function runOf(lines: readonly Pick<Line, 'sign'>[], from: number, sign: Line['sign']): number {
  let to = from;
  while (lines[to]?.sign === sign) to += 1;
  return to - from;
}
