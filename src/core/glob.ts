/**
 * Globs over repository paths: `*`, `**`, `?`, `[..]`, `{a,b}`; `\` takes the next character as it is.
 *
 * Owns their meaning, for scopes and shared paths alike. Its invariant: whether a glob and a path, or two globs, can
 * meet is decided by one table over their segments and one over the characters of two segments. So the cost is the
 * product of the two lengths at most, whatever the text; there is no regular expression and no backtracking.
 */

/** One character's worth of a segment, or `*` for any number of them. */
type Atom = '*' | CharacterSet;

interface CharacterSet {
  negated: boolean;
  /** Code points, both ends belong to the range. */
  ranges: readonly (readonly [number, number])[];
}

/** `**` stands for any number of segments, none included; a string is a segment in which nothing is special. */
type Segment = '**' | { fixed: string } | readonly Atom[];

/** A glob without braces. */
export type Glob = readonly Segment[];

/** More alternatives in braces than this are not spelled out; such a glob covers everything below its fixed beginning. */
const alternativesMax = 64;

const anyCharacter: CharacterSet = { negated: true, ranges: [] };

/**
 * Reads a glob. One that ends in a plain name (`src/api`) or in `/` covers what is below as well.
 * @returns its alternatives, one without braces.
 */
export function parseGlob(text: string): Glob[] {
  return spellOut(text).flatMap((plain) => {
    // A directory may really be called `[id]`, as routes of web frameworks are.
    return plain.includes('[') ? [parsePlain(plain), parsePlain(plain.replaceAll('[', '\\['))] : [parsePlain(plain)];
  });
}

function parsePlain(text: string): Glob {
  const segments: Segment[] = [];
  for (const part of splitPath(text)) {
    if (part !== '**' || segments.at(-1) !== '**') segments.push(parseSegment(part));
  }
  const last = segments.at(-1);
  const isOpen = last === undefined || (last !== '**' && (text.endsWith('/') || 'fixed' in last));
  return isOpen ? [...segments, '**'] : segments;
}

/** A path as a glob that only this path meets: nothing in it is special. */
export function parsePath(path: string): Glob {
  return splitPath(path).map((part) => ({ fixed: part }));
}

/** Whether `text` names one file or directory: nothing in it is special. */
export function isPlainPath(text: string): boolean {
  return !/[*?[{\\]/.test(text);
}

/** Whether some path meets both. */
export function globsMeet(a: Glob, b: Glob): boolean {
  return runsMeet(a, b, { loops: (segment) => segment === '**', meet: segmentsMeet });
}

function segmentsMeet(a: Segment, b: Segment): boolean {
  if (a === '**' || b === '**') return true;
  if ('fixed' in a && 'fixed' in b) return a.fixed === b.fixed;
  return runsMeet(atomsOf(a), atomsOf(b), { loops: (atom) => atom === '*', meet: atomsMeet });
}

function atomsOf(segment: { fixed: string } | readonly Atom[]): readonly Atom[] {
  return 'fixed' in segment ? Array.from(segment.fixed, fixed) : segment;
}

function atomsMeet(a: Atom, b: Atom): boolean {
  if (a === '*' || b === '*') return true;
  if (a.negated && b.negated) return true;
  if (a.negated) return b.ranges.some((range) => !isInside(range, a.ranges));
  if (b.negated) return a.ranges.some((range) => !isInside(range, b.ranges));
  return a.ranges.some(([low, high]) => b.ranges.some(([from, to]) => low <= to && from <= high));
}

function isInside([low, high]: readonly [number, number], ranges: CharacterSet['ranges']): boolean {
  return ranges.some(([from, to]) => from <= low && high <= to);
}

/**
 * Whether two sequences, in which some items stand for any run of items, can both spell the same sequence.
 * `reached[j]` says whether the first `i` items of `a` and the first `j` of `b` can.
 */
function runsMeet<Item>(
  a: readonly Item[],
  b: readonly Item[],
  rule: { loops: (item: Item) => boolean; meet: (a: Item, b: Item) => boolean },
): boolean {
  let reached: boolean[] = [true];
  for (const [j, item] of b.entries()) reached.push(reached[j] === true && rule.loops(item));
  for (const left of a) {
    const leftLoops = rule.loops(left);
    const next: boolean[] = [leftLoops && reached[0] === true];
    for (const [j, right] of b.entries()) {
      // A looping item may stand for nothing (skip it) or take in one more item of the other side (stay on it).
      const skipsLeft = leftLoops && reached[j + 1] === true;
      const skipsRight = rule.loops(right) && next[j] === true;
      const staysLeft = leftLoops && next[j] === true;
      const staysRight = rule.loops(right) && reached[j + 1] === true;
      const steps = reached[j] === true && rule.meet(left, right);
      next.push(skipsLeft || skipsRight || staysLeft || staysRight || steps);
    }
    if (!next.includes(true)) return false;
    reached = next;
  }
  return reached.at(-1) === true;
}

function splitPath(path: string): string[] {
  return path.split('/').filter((part) => part !== '' && part !== '.');
}

function parseSegment(text: string): Segment {
  if (text === '**') return text;
  if (isPlainPath(text)) return { fixed: text };
  const atoms = parseAtoms(text);
  const characters = atoms.map(fixedCharacter);
  return characters.includes(null) ? atoms : { fixed: characters.join('') };
}

function parseAtoms(text: string): Atom[] {
  const characters = Array.from(text);
  const atoms: Atom[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? '';
    const set = character === '[' ? parseSet(characters, at) : null;
    if (character === '\\' && at + 1 < characters.length) atoms.push(fixed(characters[(at += 1)] ?? ''));
    else if (character === '*') {
      if (atoms.at(-1) !== '*') atoms.push('*');
    } else if (character === '?') atoms.push(anyCharacter);
    else if (set === null) atoms.push(fixed(character));
    else {
      atoms.push(set.set);
      at = set.end;
    }
  }
  return atoms;
}

/** Reads `[a-z_]` or `[!a]` from the bracket at `start`; `null` when it is never closed (then it is a plain bracket). */
function parseSet(characters: readonly string[], start: number): { set: CharacterSet; end: number } | null {
  const negated = characters[start + 1] === '!' || characters[start + 1] === '^';
  const first = start + (negated ? 2 : 1);
  // A closing bracket right at the beginning is a member.
  const end = characters.indexOf(']', first + 1);
  if (end < 0) return null;
  const ranges: (readonly [number, number])[] = [];
  for (let at = first; at < end; at += 1) {
    const low = codeOf(characters[at]);
    const isRange = characters[at + 1] === '-' && at + 2 < end;
    ranges.push([low, isRange ? codeOf(characters[at + 2]) : low]);
    if (isRange) at += 2;
  }
  return { set: { negated, ranges }, end };
}

function fixed(character: string): CharacterSet {
  const code = codeOf(character);
  return { negated: false, ranges: [[code, code]] };
}

/** The one character that an atom stands for, or `null`. */
function fixedCharacter(atom: Atom): string | null {
  const code = atom === '*' || atom.negated || atom.ranges.length !== 1 ? undefined : atom.ranges[0]?.[0];
  return code === undefined || atom === '*' || code !== atom.ranges[0]?.[1] ? null : String.fromCodePoint(code);
}

function codeOf(character: string | undefined): number {
  return character?.codePointAt(0) ?? 0;
}

/** Writes out the braces: `{a,b}/c` → `a/c`, `b/c`. */
function spellOut(text: string): string[] {
  const done: string[] = [];
  const open = [text];
  while (open.length > 0) {
    const next = open.pop() ?? '';
    const brace = firstBrace(next);
    if (brace === null) done.push(next);
    else {
      const { start, end, cuts } = brace;
      if (done.length + open.length + cuts.length >= alternativesMax) return [fixedBeginning(text)];
      const edges = [start, ...cuts, end];
      for (const [index, edge] of edges.slice(1).entries()) {
        open.push(next.slice(0, start) + next.slice((edges[index] ?? 0) + 1, edge) + next.slice(end + 1));
      }
    }
  }
  return done;
}

/** The directory before the first special character, with everything below it. */
function fixedBeginning(text: string): string {
  const special = text.search(/[*?[{\\]/);
  return `${text.slice(0, text.lastIndexOf('/', special) + 1)}**`;
}

/** The first outermost `{..}` with a comma in it; other braces are plain characters. */
function firstBrace(text: string): { start: number; end: number; cuts: number[] } | null {
  const stack: { start: number; cuts: number[] }[] = [];
  let found: { start: number; end: number; cuts: number[] } | null = null;
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at];
    if (character === '\\') at += 1;
    else if (character === '{') stack.push({ start: at, cuts: [] });
    else if (character === ',') stack.at(-1)?.cuts.push(at);
    else if (character === '}') {
      const brace = stack.pop();
      if (brace !== undefined && brace.cuts.length > 0) found = { ...brace, end: at };
      if (stack.length === 0 && found !== null) break;
    }
  }
  return found;
}
