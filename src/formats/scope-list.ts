/**
 * Scope lists: the value of `Files:`, paths and globs parted by commas or spaces.
 *
 * Owns how they are parted and quoted. A path with a space, a comma or brackets in front stands in backquotes.
 */
import { limits } from '../core/limits.ts';
import { readCode, writeCode } from './markdown-inline.ts';
import { isReserved } from './task-head.ts';

export interface ScopeList {
  globs: string[];
  /** Entries that leave the repository, name it from the file system's root, or are longer than `limits.scopeEntryLengthMax`. */
  refused: string[];
}

export function readScopeList(value: string): ScopeList {
  const globs = new Set<string>();
  const refused: string[] = [];
  for (const entry of entriesOf(value)) {
    const quoted = entry.startsWith('`');
    if (!quoted && (isRemark(entry) || isReserved(entry))) continue;
    const glob = normalGlob(readCode(entry));
    if (glob === null) refused.push(entry);
    else if (glob !== '') globs.add(glob);
  }
  return { globs: [...globs], refused };
}

/** `(auth)/page.tsx` is a path, `(new)` and `(see the notes)` are remarks. */
function isRemark(entry: string): boolean {
  return entry.startsWith('(') && (entry.endsWith(')') || /\s/.test(entry));
}

export function writeScopeList(globs: readonly string[]): string {
  return globs.map((glob) => (isPlain(glob) ? glob : writeCode(glob))).join(', ');
}

function isPlain(glob: string): boolean {
  const entries = [...entriesOf(glob)];
  return entries.length === 1 && entries[0] === glob && !/^[`(]/.test(glob) && !isReserved(glob);
}

/** A path from the repository's top, a folder as all that is in it; `null` when it points elsewhere or is too long. */
export function normalGlob(path: string): string | null {
  if (path.length > limits.scopeEntryLengthMax) return null;
  const glob = path.trim().replace(/^(?:\.\/+)+/, '');
  const parts = glob.split('/');
  if (/^[/\\~]|^[A-Za-z]:[\\/]|[\0\n\r]/.test(glob) || parts.includes('..')) return null;
  if (glob === '.' || glob === '') return path.trim() === '' ? '' : '**';
  if (parts.at(-1) !== '') return glob;
  while (parts.at(-1) === '') parts.pop();
  return `${parts.join('/')}/**`;
}

/** Cuts at commas and white space, but not inside backquotes, braces or a remark in brackets. */
function* entriesOf(value: string): Generator<string> {
  const entry = /`+|[,;\s]+|[^`,;\s{]+|\{[^{}`]*\}|\{/g;
  let current = '';
  let quote = '';
  let depth = 0;
  for (const [piece] of value.matchAll(entry)) {
    const isCode = quote !== '' || piece.startsWith('`');
    if (piece.startsWith('`') && (current === '' || quote !== '')) quote = closing(quote, piece);
    if (!isCode && depth === 0 && /^[,;\s]/.test(piece)) {
      if (current !== '') yield current;
      current = '';
      continue;
    }
    if (!isCode && (depth > 0 || (current === '' && piece.startsWith('(')))) depth += bracketBalance(piece);
    current += piece;
  }
  if (current !== '') yield current;
}

function closing(quote: string, piece: string): string {
  if (quote === '') return piece;
  return piece === quote ? '' : quote;
}

function bracketBalance(text: string): number {
  let balance = 0;
  for (const character of text) balance += character === '(' ? 1 : character === ')' ? -1 : 0;
  return balance;
}
