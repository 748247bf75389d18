/**
 * Path words: the files that a sentence names, such as `src/db/jobs.sql` in "Add the job table in src/db/jobs.sql".
 *
 * Owns what looks like a path. A wrong guess makes a task wait or fences it in needlessly, so doubtful words do not count:
 * `and/or`, `GET /api/users`, `https://…`, `Node.js`, `v1.2`.
 */
import { normalGlob } from './scope-list.ts';

/** Folders that make a path of a word without a file's ending. */
const folders = new Set(
  'src lib libs app apps api test tests spec specs doc docs pkg packages cmd internal backend frontend server client web public scripts config assets examples e2e migrations'.split(
    ' ',
  ),
);

/** Endings that make a path of a word without a slash; with one, any short ending will do. */
const endings = new Set(
  'c cc cfg conf cpp cs css csv env go gradle h hpp html ini java js json jsonl jsx kt lock lua md mjs cjs php proto py rb rs scss sh sql svelte svg swift toml ts tsx txt vue xml yaml yml'.split(
    ' ',
  ),
);

/** The paths as globs from the repository's top, each once. */
export function pathsIn(text: string): string[] {
  const found = new Set<string>();
  for (const raw of text.split(/[\s`"'<>|]+/)) {
    const word = bare(raw);
    const glob = isPath(word) ? normalGlob(word) : null;
    if (glob !== null && glob !== '') found.add(glob);
  }
  return [...found];
}

function bare(word: string): string {
  let from = 0;
  let to = word.length;
  while (from < to && '([,;:*'.includes(word.charAt(from))) from += 1;
  while (to > from && isEndMark(word, from, to)) to -= 1;
  return word.slice(from, to);
}

/** Punctuation behind a word; a bracket or star that belongs to it, as in `src/**` or `app/(auth)`, stays. */
function isEndMark(word: string, from: number, to: number): boolean {
  const last = word.charAt(to - 1);
  if (last === ')' || last === ']') return !word.slice(from, to).includes(last === ')' ? '(' : '[');
  return '.,;:!?'.includes(last);
}

function isPath(word: string): boolean {
  if (word.length > 300 || !/^[\w@.*{}()[\],+~-][\w@./*{}()[\],+~-]*$/.test(word)) return false;
  const parts = word.split('/');
  const last = parts.at(-1) ?? '';
  const ending = /^[^.]*[\w\])*}-].*\.([A-Za-z][A-Za-z0-9]{0,9})$|^\.(\w{2,20})$/.exec(last);
  if (parts.length === 1) return isFileName(word, ending?.[1]);
  if (parts.slice(0, -1).includes('')) return false;
  return ending !== null || folders.has(parts[0] ?? '') || (last === '' && parts.length > 1) || parts.length > 3;
}

/** `package.json`, `.gitignore` and `jobs.sql`, but not `Node.js` or `e.g`. */
function isFileName(word: string, ending: string | undefined): boolean {
  if (/^\.[a-z][a-z.-]{2,}$/.test(word)) return true;
  if (ending === undefined || !endings.has(ending)) return false;
  return !/^(?:[A-Z][a-z]+|node|next|vue|express|react|nuxt|nest|three|d3|chart|socket)\.js$/.test(word);
}
