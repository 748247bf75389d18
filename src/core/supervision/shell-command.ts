/**
 * What a shell command is for, as far as its text tells.
 *
 * Owns the lists of programs that only read, that change files, that run tests, that wait. It is a guess from words: what it
 * does not know is a `run`, which counts neither as reading nor as changing.
 */

export interface ShellCommand {
  /** `read`: nothing but looks. `edit`: it surely writes a file. `wait`: it only waits. */
  kind: 'read' | 'edit' | 'run' | 'wait';
  /** It runs tests. */
  isTest: boolean;
  /** It builds or installs. */
  isBuild: boolean;
  /** Seconds that it says it sleeps. */
  sleepS: number;
  /** Seconds that it gives itself (`timeout 300 …`), `null` if none. */
  limitS: number | null;
}

export function readShellCommand(text: string): ShellCommand {
  const known = memory.get(text);
  if (known !== undefined) return known;
  const command = classify(text.length > lengthMax ? text.slice(0, lengthMax) : text);
  if (memory.size >= memoryMax) memory.clear();
  memory.set(text, command);
  return command;
}

/** Commands come again and again; this is no state but a saving. */
const memory = new Map<string, ShellCommand>();
const memoryMax = 512;
const lengthMax = 8_192;

const readers = new Set(
  `cat head tail less more nl ls tree find grep egrep fgrep rg ag ack wc file stat du df pwd which type whereis whatis man echo
  printf true false test [ [[ date env printenv whoami id uname hostname ps top jq yq cut sort uniq tr xxd hexdump od strings diff
  cmp comm basename dirname realpath readlink bat fd fdfind column fold seq awk gawk sed cd pushd popd export set unset alias
  history nproc free uptime lsof locate ctags md5sum sha1sum sha256sum command
  open goto scroll_up scroll_down search_dir search_file find_file view`.split(/\s+/),
);
const gitReaders = new Set(
  `log show diff status blame grep ls-files ls-tree rev-parse rev-list remote tag shortlog describe reflog cat-file branch
  merge-base name-rev for-each-ref count-objects config help version whatchanged`.split(/\s+/),
);
const editors = new Set(
  'edit create insert tee mv cp rm mkdir rmdir touch ln chmod chown patch apply_patch truncate dd install rsync unzip tar ed ex'.split(
    /\s+/,
  ),
);
const gitEditors = new Set(
  'apply checkout restore reset stash commit add merge rebase mv rm am cherry-pick revert pull clean switch'.split(
    /\s+/,
  ),
);
const waiters = new Set(['sleep', 'wait', 'inotifywait', 'watch']);

const testRun =
  /(?:^|[\s;&|(/])(?:pytest|py\.test|unittest|nosetests|vitest|jest|mocha|ava|tap|karma|playwright test|cypress run|rspec|phpunit|ctest|tox|nox|manage\.py test|runtests?(?:\.py)?|(?:npm|yarn|pnpm|bun|deno|go|cargo|mix|dotnet|swift|rake|make|mvn|gradle|\.\/gradlew|sbt|lein|zig build)\s+(?:[-\w:=./]+\s+){0,3}?(?:run\s+)?(?:test|tests|check|verify|t)\b|node\s+(?:\S+\s+)*--test)/;
const build =
  /(?:^|[\s;&|(/])(?:make|gmake|ninja|cmake\s+--build|bazel|buck2?|scons|meson\s+compile|msbuild|xcodebuild|(?:cargo|go|npm|yarn|pnpm|bun|dotnet|swift|stack|cabal|zig|docker|podman|mvn|gradle|\.\/gradlew|sbt|mix|nix)\s+(?:[-\w:=./]+\s+){0,3}?(?:build|compile|install|ci|package|assemble|publish)\b)/;
/** `> file`, `>> file`, but not `2>&1`, `>&2` nor `> /dev/null`. */
const redirect = /(?:^|[^-=>&\d])\d?>>?(?!&)\s*(?!\/dev\/|&)[\w"'$~./-]/;
const scriptThatWrites =
  /open\([^)\n]{0,200},\s*(?:mode\s*=\s*)?["'][waxr]\+?b?\+?["']|\.write_text\(|\.write_bytes\(|writeFile(?:Sync)?\(|fs\.(?:rename|copyFile|unlink|mkdir)|shutil\.|os\.(?:remove|rename|makedirs)/;

function classify(text: string): ShellCommand {
  const bare = withoutComments(text);
  const sleepS = sleepOf(bare);
  const limit = /(?:^|[\s;&|(])timeout\s+(?:-\S+\s+)*(\d+(?:\.\d+)?)([smh]?)\b/.exec(bare);
  const limitS = limit === null ? null : Number(limit[1]) * unitS(limit[2] ?? '');
  return { kind: kindOf(bare), isTest: testRun.test(bare), isBuild: build.test(bare), sleepS, limitS };
}

/** Whole-line comments are the model's own words. */
export function withoutComments(text: string): string {
  return text.includes('#')
    ? text
        .split('\n')
        .filter((line) => !/^\s*#(?!!)/.test(line))
        .join('\n')
    : text;
}

function kindOf(text: string): ShellCommand['kind'] {
  const unquoted = text.replaceAll(/"(?:[^"\\]|\\.)*"|'[^']*'/g, (quoted) => (quoted.includes('\n') ? '"\n"' : '"q"'));
  const parts = unquoted.split(/&&|\|\||[;|\n]/).map(wordsOf);
  const kinds = parts.filter(({ length }) => length > 0).map(partKind);
  if (redirect.test(unquoted) || kinds.includes('edit') || writesByScript(text)) return 'edit';
  if (kinds.includes('wait') && kinds.every((kind) => kind !== 'run')) return 'wait';
  return kinds.length > 0 && kinds.every((kind) => kind === 'read') ? 'read' : 'run';
}

function writesByScript(text: string): boolean {
  return /\b(?:python\d?|node|ruby|perl|deno|bun)\b/.test(text) && scriptThatWrites.test(text);
}

/** The words of a simple command, without what only stands before it. */
function wordsOf(part: string): string[] {
  const words = part
    .trim()
    .split(/\s+/)
    .filter((word) => word !== '');
  while (words.length > 0 && isPrefix(words)) words.shift();
  return words;
}

function isPrefix(words: readonly string[]): boolean {
  const [word = '', next = ''] = words;
  if (
    /^[A-Za-z_]\w*=/.test(word) ||
    ['sudo', 'time', 'nohup', 'exec', '(', '{', '!', 'then', 'do', 'else'].includes(word)
  )
    return true;
  if (word === 'timeout') return true;
  // What follows `timeout`: its limit and flags.
  return /^(?:-\w\S*|\d+[smh]?)$/.test(word) && next !== '';
}

function partKind(words: readonly string[]): ShellCommand['kind'] {
  const word = (words[0] ?? '').replace(/^.*\//, '');
  if (waiters.has(word)) return 'wait';
  if (word === 'git') return gitKind(words);
  if (word === 'gh' || word === 'kubectl') return words.includes('watch') || words.includes('wait') ? 'wait' : 'run';
  if (word === 'sed' || word === 'perl') return inPlace(words) ? 'edit' : word === 'sed' ? 'read' : 'run';
  if (word === 'find') return words.some((one) => one === '-delete' || one === '-exec') ? 'run' : 'read';
  if (word === 'tail' && words.some((one) => /^-\w*[fF]$/.test(one))) return 'wait';
  if (editors.has(word)) return 'edit';
  if (readers.has(word) || /^(?:fi|done|esac|for|if|while|}|\))$/.test(word)) return 'read';
  return 'run';
}

function inPlace(words: readonly string[]): boolean {
  return words.some((one) => /^-[a-zA-Z]*i/.test(one) || one.startsWith('--in-place'));
}

function gitKind(words: readonly string[]): ShellCommand['kind'] {
  let at = 1;
  while ((words[at] ?? '').startsWith('-')) at += words[at] === '-C' || words[at] === '-c' ? 2 : 1;
  const verb = words[at] ?? '';
  if (gitEditors.has(verb)) return 'edit';
  return gitReaders.has(verb) || verb === '' ? 'read' : 'run';
}

function sleepOf(text: string): number {
  if (!text.includes('sleep')) return 0;
  let total = 0;
  for (const [, amount, unit] of text.matchAll(/(?:^|[\s;&|(])sleep\s+(\d+(?:\.\d+)?)([smh]?)\b/g)) {
    total += Number(amount) * unitS(unit ?? '');
  }
  return total;
}

function unitS(unit: string): number {
  return unit === 'h' ? 3_600 : unit === 'm' ? 60 : 1;
}
