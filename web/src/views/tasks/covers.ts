/** Whether an entry of a scope and a path or glob of the query can mean the same file. Pure. */

/**
 * Goes part by part: `*` inside a name stands for anything there, `**` for any number of parts. A folder counts as everything in it.
 */
export function coversPath(entry: string, wanted: string): boolean {
  return meet(parts(entry), parts(wanted));
}

function parts(glob: string): string[] {
  const found = glob
    .replace(/^\.?\//, '')
    .split('/')
    .filter(Boolean);
  const last = found.at(-1) ?? '';
  // `src/api` is written for everything in it as often as for itself.
  return glob.endsWith('/') || (!last.includes('.') && !last.includes('*')) ? [...found, '**'] : found;
}

function meet(one: readonly string[], other: readonly string[]): boolean {
  const [first, ...rest] = one;
  const [second, ...left] = other;
  if (first === undefined && second === undefined) return true;
  if (first === '**') return meet(rest, other) || (second !== undefined && meet(one, left));
  if (second === '**') return meet(one, left) || (first !== undefined && meet(rest, other));
  if (first === undefined || second === undefined) return false;
  return nameMeets(first, second) && meet(rest, left);
}

/** Two names with stars: certain where one has none, else judged by their beginnings and ends. */
function nameMeets(one: string, other: string): boolean {
  if (!one.includes('*')) return starFits(other, one);
  if (!other.includes('*')) return starFits(one, other);
  const [oneHead = '', otherHead = ''] = [one.split('*')[0], other.split('*')[0]];
  const [oneTail = '', otherTail = ''] = [one.split('*').at(-1), other.split('*').at(-1)];
  return (
    (oneHead.startsWith(otherHead) || otherHead.startsWith(oneHead)) &&
    (oneTail.endsWith(otherTail) || otherTail.endsWith(oneTail))
  );
}

function starFits(pattern: string, name: string): boolean {
  const source = pattern
    .split('*')
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
    .join('[^/]*');
  return new RegExp(`^${source}$`).test(name);
}
