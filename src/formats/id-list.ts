/**
 * Id lists: the value of `Dependencies:` and `Blocks:`, task ids parted by commas or spaces, with free remarks in brackets.
 *
 * Owns how ids are told from words. The first word of each part between commas has to be an id, because a mistyped id must not
 * be lost as if it were prose; a later word counts when it is a known id or has an id's form.
 */
import { nameFault } from '../core/id.ts';
import { isReserved } from './task-head.ts';

export interface IdList {
  /** Known ids and `plan/task` addresses, each once, in their order. */
  ids: string[];
  /** Words where an id should be, that no task has. */
  unknown: string[];
  /** Other words outside brackets. */
  words: string[];
}

/** @param known tells whether a task of this id is in the plan. */
export function readIdList(value: string, known: (id: string) => boolean): IdList {
  const ids = new Set<string>();
  const unknown: string[] = [];
  const words: string[] = [];
  for (const part of withoutRemarks(value).split(/[,;，、]/)) {
    let first = true;
    for (const raw of part.split(/\s+/)) {
      const word = bare(raw);
      if (known(word)) ids.add(word);
      else if (word === '' || /^(?:and|&|\+)$/i.test(word) || (first && isReserved(word)) || /^[-–—]+$/.test(word)) {
        first = first && !isReserved(word);
        continue;
      } else if (isAddress(word)) ids.add(word);
      else if (first || /^[A-Za-z]{1,8}-?\d+[a-z]?$/.test(word)) unknown.push(word);
      else words.push(word);
      first = false;
    }
  }
  return { ids: [...ids], unknown, words };
}

/** `plan/task`, a task of another plan. */
export function isAddress(word: string): boolean {
  const parts = word.split('/', 3);
  return parts.length === 2 && parts.every((part) => nameFault(part) === null);
}

/** Without quotes, emphasis and punctuation around it. A loop, because `x+$` as a pattern is quadratic on long runs of x. */
function bare(word: string): string {
  let from = 0;
  let to = word.length;
  while (from < to && '`*"\'@'.includes(word.charAt(from))) from += 1;
  while (to > from && '`*"\'.:!'.includes(word.charAt(to - 1))) to -= 1;
  return word.slice(from, to);
}

/** Takes out what stands in round or square brackets; square ones around the whole value are a list, not a remark. */
function withoutRemarks(value: string): string {
  const text = value.startsWith('[') && value.endsWith(']') ? value.slice(1, -1) : value;
  let depth = 0;
  let out = '';
  for (const piece of text.split(/([()[\]])/)) {
    if (piece === '(' || piece === '[') depth += 1;
    else if (piece === ')' || piece === ']') depth = Math.max(0, depth - 1);
    else if (depth === 0) out += `${piece} `;
  }
  return out;
}
