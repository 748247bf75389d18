/**
 * JSON with places: where in a text a key or value stands, and where it stops being JSON.
 *
 * Owns a small reader of JSON (RFC 8259) that remembers offsets; `JSON.parse` tells no places of keys, and none at all for a
 * text that ends too soon. Used on the way to an error message only.
 */

/** The text is not JSON from the character at `at` on. */
export class JsonFault extends Error {
  readonly at: number;
  constructor(message: string, at: number) {
    super(message);
    this.name = 'JsonFault';
    this.at = at;
  }
}

export interface Wanted {
  path: readonly string[];
  /** The key's place, not its value's. */
  atKey: boolean;
}

interface Read {
  text: string;
  value: unknown;
  /** Offsets of keys and values by path. */
  keys: Map<string, number>;
  values: Map<string, number>;
  duplicate: { path: readonly string[]; message: string; atKey: boolean; at: number } | null;
}

/** Reads the text and finds the place of what `choose` names in it. Throws {@link JsonFault}. */
export function findInJson(
  text: string,
  choose: (value: unknown) => Wanted,
): { value: unknown; at: number; duplicate: Read['duplicate'] } {
  const read: Read = { text, value: null, keys: new Map(), values: new Map(), duplicate: null };
  const end = readValue(read, skip(text, text.startsWith('\ufeff') ? 1 : 0), []);
  const rest = skip(text, end);
  if (rest < text.length) throw new JsonFault(`unexpected ${named(text, rest)} after the end`, rest);
  const { path, atKey } = choose(read.value);
  const id = JSON.stringify(path);
  return {
    value: read.value,
    at: (atKey ? read.keys.get(id) : undefined) ?? read.values.get(id) ?? 0,
    duplicate: read.duplicate,
  };
}

/** Line and column, both counted from 1, of an offset; CRLF, LF and CR end a line. */
export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset).replace(/^\ufeff/, '');
  const lines = before.split(/\r\n|\r|\n/);
  return { line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

/** Reads one value into `read.value`; answers the offset behind it. */
function readValue(read: Read, at: number, path: readonly string[]): number {
  const { text } = read;
  read.values.set(JSON.stringify(path), at);
  const first = text[at];
  if (first === '{') return readObject(read, at, path);
  if (first === '[') return readList(read, at, path);
  const token = /^(?:"(?:[^"\\\u0000-\u001f]|\\.)*"|-?\d[\d.eE+-]*|true|false|null)/.exec(text.slice(at))?.[0]; // oxlint-disable-line no-control-regex -- JSON forbids them
  if (token === undefined) throw new JsonFault(unexpected(text, at), at);
  try {
    read.value = JSON.parse(token);
  } catch {
    throw new JsonFault(`bad ${first === '"' ? 'text' : 'number'} ${token.slice(0, 30)}`, at);
  }
  return at + token.length;
}

function readObject(read: Read, start: number, path: readonly string[]): number {
  const { text } = read;
  const value: Record<string, unknown> = Object.create(null) as Record<string, unknown>;
  let at = skip(text, start + 1);
  while (text[at] !== '}') {
    const keyAt = at;
    if (text[at] !== '"') throw new JsonFault(`expected a key in double quotes or }, found ${named(text, at)}`, at);
    at = readValue(read, at, [...path, '']);
    const name = String(read.value);
    const here = [...path, name];
    if (Object.hasOwn(value, name))
      read.duplicate ??= {
        path: here,
        atKey: true,
        at: keyAt,
        message: `key ${JSON.stringify(name)} stands here twice`,
      };
    read.keys.set(JSON.stringify(here), keyAt);
    at = skip(text, at);
    if (text[at] !== ':') throw new JsonFault(`expected : after ${JSON.stringify(name)}, found ${named(text, at)}`, at);
    at = skip(text, readValue(read, skip(text, at + 1), here));
    value[name] = read.value;
    at = next(text, at, '}');
  }
  read.value = { ...value };
  return at + 1;
}

function readList(read: Read, start: number, path: readonly string[]): number {
  const { text } = read;
  const value: unknown[] = [];
  let at = skip(text, start + 1);
  while (text[at] !== ']') {
    at = skip(text, readValue(read, at, [...path, String(value.length)]));
    value.push(read.value);
    at = next(text, at, ']');
  }
  read.value = value;
  return at + 1;
}

/** Behind a member: over a comma to the next one, or at the end. */
function next(text: string, at: number, end: string): number {
  if (text[at] === end) return at;
  if (text[at] !== ',') throw new JsonFault(`expected , or ${end}, found ${named(text, at)}`, at);
  const after = skip(text, at + 1);
  if (text[after] === end) throw new JsonFault(`a comma too many before ${end}`, at);
  return after;
}

function skip(text: string, at: number): number {
  let index = at;
  while (' \t\r\n'.includes(text[index] ?? '?')) index += 1;
  return index;
}

function unexpected(text: string, at: number): string {
  if (text.startsWith('//', at) || text.startsWith('/*', at)) return 'JSON has no comments';
  if (text[at] === "'") return 'texts stand in double quotes';
  return `unexpected ${named(text, at)}`;
}

function named(text: string, at: number): string {
  return at >= text.length ? 'the end of the file' : JSON.stringify(String.fromCodePoint(text.codePointAt(at) ?? 0));
}
