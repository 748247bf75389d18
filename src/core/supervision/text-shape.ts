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
const duration = String.raw`\b\d+(?:\.\d+)?\s?(?:ns|µs|us|ms|s|secs?|seconds?|mins?|minutes?)\b`;
const clockTime = String.raw`\b\d{1,2}:\d\d(?::\d\d)?(?:[.,]\d+)?\b`;
const address = String.raw`\b0x[0-9a-f]{4,}\b`;
const processNumber = String.raw`(?<=\bpid[ =:]{1,2})\d+`;
const randomWord = String.raw`\b(?=[a-z0-9]*\d)(?=[a-z0-9]*[a-z])[0-9a-f]{7,}\b|\b(?=[A-Za-z]*\d)[A-Za-z0-9]{20,}\b`;

const callNoise = new RegExp([uuid, moment, epoch, temporary, port].join('|'), 'gi');
const outputNoise = new RegExp(
  [uuid, moment, temporary, duration, clockTime, address, processNumber, port, epoch, randomWord].join('|'),
  'gi',
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
  if (text.length <= edgeLength * 2) return hashText(withoutNoise(text.trim()));
  const edges = `${text.slice(0, edgeLength)}\n${text.slice(-edgeLength)}`;
  return (hashText(withoutNoise(edges)) ^ middleShape(text)) >>> 0;
}

function withoutNoise(text: string): string {
  return /\d/.test(text) ? text.replace(outputNoise, '~') : text;
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
