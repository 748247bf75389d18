/**
 * Hiding secrets that are cut between lines: programs print their model's words piece by piece, each piece in a line of its own.
 *
 * Owns the lines that are held back: one that ends with the beginning of a secret is not let go before the next ones have shown
 * whether the rest follows. Few and short-lived: whoever writes them calls `flush` when nothing comes for a while.
 */
import { hideRanges, redactor, secretForms } from './redact.ts';

export interface LineRedactor {
  /** The lines that may be written now, in order; those before it that were held may be among them. */
  push(line: string): string[];
  /** What is still held, as it is known so far. */
  flush(): string[];
  /** How many characters of a secret the held lines may show: 0 = nothing is held. */
  readonly pending: number;
}

/** @param kind `json`: the pieces of a line are the texts in its quotes, at any depth. `text`: the line is one piece. */
export function lineRedactor(secrets: readonly string[], kind: 'json' | 'text'): LineRedactor {
  const redact = redactor(secrets);
  const known = knownForms(secretForms(secrets));
  let held: Held[] = [];
  let open: readonly Partial[] = [];
  let number = 0;
  const release = (): string[] => {
    const lines = held.map(({ text, ranges }) => hideRanges(text, ranges));
    held = [];
    open = [];
    return lines;
  };
  return {
    push(line) {
      const current: Held = { text: redact(line), ranges: [] };
      if (known.size === 0) return [current.text];
      number += 1;
      held.push(current);
      for (const piece of piecesOf(current.text, kind)) open = follow(open, { piece, current, known, number });
      if (open.length > 0) open = open.filter(({ since }) => number - since < linesHeldMax);
      return open.length === 0 || isTooMuch(held) ? release() : [];
    },
    flush: release,
    get pending() {
      return open.reduce((most, { matched }) => Math.max(most, matched), 0);
    },
  };
}

interface Held {
  text: string;
  /** What of it belongs to a secret that is told over several lines. */
  ranges: { from: number; to: number }[];
}

/** A secret that was begun: so many of its characters stood at the ends of pieces. */
interface Partial {
  form: string;
  matched: number;
  parts: readonly { line: Held; from: number; to: number }[];
  /** The line with its latest part. */
  since: number;
}

interface Piece {
  from: number;
  to: number;
}

/** Between two pieces of one text come lines about other things. */
const linesHeldMax = 8;
const heldLengthMax = 256 * 1024;
const partialsMax = 64;

function isTooMuch(held: readonly Held[]): boolean {
  return held.length > 4 * linesHeldMax || held.reduce((sum, { text }) => sum + text.length, 0) > heldLengthMax;
}

interface Step {
  piece: Piece;
  current: Held;
  known: Known;
  number: number;
}

function follow(open: readonly Partial[], { piece, current, known, number }: Step): readonly Partial[] {
  const { from } = piece;
  const text = current.text.slice(from, piece.to);
  const begun = begunBy(text, known);
  // Nearly all pieces neither go on with a secret nor begin one.
  const goesOn = ({ form, matched }: Partial): boolean => text[0] === form[matched];
  if (begun.length === 0 && !open.some(goesOn)) return open;
  const next: Partial[] = [];
  for (const partial of open) {
    const { form, matched, parts } = partial;
    const rest = form.slice(matched);
    if (text.startsWith(rest)) {
      for (const part of parts) part.line.ranges.push({ from: part.from, to: part.to });
      current.ranges.push({ from, to: from + rest.length });
    } else if (text !== '' && rest.startsWith(text)) {
      const part = { line: current, from, to: piece.to };
      next.push({ form, matched: matched + text.length, parts: [...parts, part], since: number });
    } else next.push(partial);
  }
  for (const form of begun) {
    for (const length of beginnings(text, form)) {
      const part = { line: current, from: piece.to - length, to: piece.to };
      next.push({ form, matched: length, parts: [part], since: number });
    }
  }
  return next.slice(-partialsMax);
}

/** The forms by what a text ends with that ends with a beginning of one: most texts end with nothing of the kind. */
type Known = ReadonlyMap<string, ReadonlySet<string>>;

function knownForms(forms: readonly string[]): Known {
  const known = new Map<string, Set<string>>();
  for (const form of forms) {
    const inner = Array.from({ length: form.length - 2 }, (_, at) => form.slice(at, at + 3));
    for (const end of [form.slice(0, 1), form.slice(0, 2), ...inner]) {
      const some = known.get(end);
      if (some === undefined) known.set(end, new Set([form]));
      else some.add(form);
    }
  }
  return known;
}

function begunBy(text: string, known: Known): readonly string[] {
  const [one, two, three] = [known.get(text.slice(-1)), known.get(text.slice(-2)), known.get(text.slice(-3))];
  if (one === undefined && two === undefined && three === undefined) return none;
  return [...new Set([...(one ?? none), ...(two ?? none), ...(three ?? none)])];
}

const none: readonly string[] = [];

/** Lengths of the beginnings of `form` that `text` ends with, but for all of it. */
function beginnings(text: string, form: string): number[] {
  const found: number[] = [];
  const tail = text.slice(1 - form.length);
  const [first = ''] = form;
  for (let at = tail.indexOf(first); at >= 0; at = tail.indexOf(first, at + 1))
    if (form.startsWith(tail.slice(at))) found.push(tail.length - at);
  return found;
}

function piecesOf(line: string, kind: 'json' | 'text'): Piece[] {
  if (kind === 'text') return [{ from: 0, to: line.length }];
  const pieces: Piece[] = [];
  let from = 0;
  for (const quote of line.matchAll(/\\*"/g)) {
    if (quote.index > from) pieces.push({ from, to: quote.index });
    from = quote.index + quote[0].length;
  }
  return pieces;
}
