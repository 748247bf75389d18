/**
 * The shape of a text: what is left of it when everything is taken out that differs from try to try.
 *
 * Owns which parts of calls and outputs are noise: times, durations, ports, process numbers, addresses, names of temporary
 * files, random ids. Plain numbers stay: line 10 is not line 11, and three failed tests are not two. All of it in one pass
 * over a bounded part of the text, since a million of them must not take long.
 */

/** FNV-1a over UTF-16 units, 32 bits: a collision within the few thousand texts of one attempt is one in a million. */
export function hashText(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}

const uuid = String.raw`\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b`;
const moment = String.raw`\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?`;
/** Seconds, milliseconds or more since 1970, from the year 2001 on. */
const epoch = String.raw`\b1\d{9}(?:\d{3}|\d{6}|\d{9})?(?:\.\d+)?\b`;
const temporary = String.raw`(?<=/)(?:tmp[._-]?|mktemp[._-]?)[\w-]*[0-9_][\w-]*|(?<=(?:/tmp|/var/folders|/temp)/)[\w./-]*?[A-Za-z0-9]*(?:[0-9][A-Za-z]+[0-9]|[A-Za-z][0-9]+[A-Za-z])[\w-]*`;
const port = String.raw`(?<=(?:localhost|127\.0\.0\.1|0\.0\.0\.0|::1\])):\d{2,5}\b`;
/** As an argument: `--port 3001`, `PORT=3001`. */
const portArgument = String.raw`(?<=\bport[ =])\d{2,5}\b`;
const duration = String.raw`\b\d+(?:\.\d+)?\s?(?:ns|µs|us|ms|s|secs?|seconds?|mins?|minutes?)\b`;
const clockTime = String.raw`\b\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?\b`;
const address = String.raw`\b0x[0-9a-f]{4,}\b`;
const processNumber = String.raw`(?<=\bpid[ =:]{1,2})\d+`;
const randomWord = String.raw`\b(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[0-9a-f]{7,}\b|\b(?=[A-Za-z]*\d)[A-Za-z0-9]{20,}\b`;

const callNoise = new RegExp([uuid, moment, epoch, temporary, port, portArgument].join('|'), 'gi');
const outputNoise = new RegExp(
  [uuid, moment, temporary, duration, clockTime, address, processNumber, port, epoch, randomWord].join('|'),
  'gi',
);
/** The same at one place, where a port begins behind its colon. */
const outputNoiseHere = new RegExp(
  [
    outputNoise.source,
    String.raw`(?<=(?:localhost|127\.0\.0\.1|0\.0\.0\.0|::1\]):)\d{2,5}\b`,
    String.raw`(?<=/tmp[._-])[\w-]+`,
  ].join('|'),
  'iy',
);
const wordNoise = new RegExp(randomWord, 'gi');

/** What a text says of a call. */
export function callShape(text: string): string {
  return /\d/.test(text) ? text.replace(callNoise, '~') : text;
}

/** The same without words that look like ids: two calls that only differ in them may mean the same, or may not. */
export function withoutIds(text: string): string {
  return text.replace(wordNoise, '~');
}

/** Beginning and end of an output are enough to know it by; how long the rest is goes in as well. */
const edgeLength = 512;

/** A number for what an output says: equal for outputs that differ only in noise. */
export function outputShape(text: string): number {
  if (text.length <= edgeLength * 2) return noiselessHash(text.trim());
  const edges = `${text.slice(0, edgeLength)}\n${text.slice(-edgeLength)}`;
  return (noiselessHash(edges) ^ middleShape(text)) >>> 0;
}

const tilde = 0x7e;

/** What a character is to a word: 0 no part of it, 1 a letter, 2 a digit. */
const wordKinds: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  return /\d/.test(character) ? 2 : /\w/.test(character) ? 1 : 0;
});

/**
 * The hash of a text in which each piece of noise counts as one sign. Noise is looked for only where a word with a digit begins:
 * trying the expression at every character took most of the time of a replay.
 */
function noiselessHash(text: string): number {
  const { length } = text;
  let hash = 0x811c9dc5;
  for (let at = 0; at < length;) {
    let end = at;
    let digits = 0;
    let word = hash;
    for (; end < length; end += 1) {
      const code = text.charCodeAt(end);
      const kind = code < 128 ? (wordKinds[code] ?? 0) : 0;
      if (kind === 0 && end > at) break;
      if (kind === 2) digits += 1;
      word = Math.imul(word ^ code, 0x01000193);
      if (kind === 0) {
        end += 1;
        break;
      }
    }
    const noiseEnd = digits > 0 && mayBeNoise(text, { at, end, digits }) ? endOfNoise(text, at) : 0;
    hash = noiseEnd > at ? Math.imul(hash ^ tilde, 0x01000193) : word;
    at = Math.max(end, noiseEnd);
  }
  return hash >>> 0;
}

/** Most numbers are plain ones, with nothing around them that could make them a time, a port or a process. */
function mayBeNoise(text: string, { at, end, digits }: { at: number; end: number; digits: number }): boolean {
  if (digits < end - at || digits >= 10) return true;
  const [before, after] = [text[at - 1] ?? '', text[end] ?? ''];
  if (after === ':' || after === '.' || after === ',' || after === '-' || before === ':' || before === '/') return true;
  if ((before === ' ' || before === '=') && text[at - 2]?.toLowerCase() === 'd') return true;
  return (after === ' ' || after === '\u00b5') && unitStart.has(text[end + 1] ?? '');
}

const unitStart: ReadonlySet<string> = new Set('nu\u00b5mNUMsS');

function endOfNoise(text: string, at: number): number {
  outputNoiseHere.lastIndex = at;
  return outputNoiseHere.test(text) ? outputNoiseHere.lastIndex : 0;
}

/** The middle without its digits, which is where all noise has its differences; letters of random ids are rare there. */
function middleShape(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = edgeLength; index < text.length - edgeLength; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) continue;
    hash = Math.imul(hash ^ code, 0x01000193);
  }
  return hash >>> 0;
}

const errorLength = 400;

/** The shape of an error: without any number, because line, port and count change while the error stays. */
export function errorShape(text: string): number {
  const edges = text.length <= errorLength * 2 ? text : `${text.slice(0, errorLength)}\n${text.slice(-errorLength)}`;
  return hashText(edges.replace(outputNoise, '~').replaceAll(/\d+/g, '0').replaceAll(/\s+/g, ' ').trim());
}

/** One line of at most so many characters. */
export function shortText(text: string, length: number): string {
  const head = text.length > length * 4 ? text.slice(0, length * 4) : text;
  const line = head.replaceAll(/\s+/g, ' ').trim();
  return line.length < length ? line : `${line.slice(0, length - 1)}…`;
}
