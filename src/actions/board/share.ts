/** Shares the lines of a screen among the panes on it. Pure. */

/** Title and one line: less shows nothing. */
const leastHeight = 2;

/**
 * Heights of the panes, at most `wanted` each and `rows` in all; what does not get its least gets nothing, the last ones first.
 *
 * @param wanted lines that each pane would fill, its title included
 * @param first the pane that gets what the others leave
 */
export function share(wanted: readonly number[], rows: number, first: number): number[] {
  const heights = wanted.map(() => 0);
  const order = [first, ...wanted.keys()].filter((at, place, all) => at >= 0 && all.indexOf(at) === place);
  let left = rows;
  for (const at of order) {
    const least = Math.min(wanted[at] ?? 0, leastHeight);
    if (least > left) continue;
    heights[at] = least;
    left -= least;
  }
  // A third is kept for the others; whatever they do not need goes to the first at the end.
  const others = order.slice(1);
  const grow = (at: number, most: number): void => {
    if (heights[at] === 0) return;
    const more = Math.max(0, Math.min((wanted[at] ?? 0) - (heights[at] ?? 0), most, left));
    heights[at] = (heights[at] ?? 0) + more;
    left -= more;
  };
  if (first >= 0) grow(first, Number.isFinite(left) ? Math.ceil((left * 2) / 3) : left);
  for (const [place, at] of others.entries())
    grow(at, Number.isFinite(left) ? Math.ceil(left / (others.length - place)) : left);
  for (const at of order) grow(at, left);
  return heights;
}
