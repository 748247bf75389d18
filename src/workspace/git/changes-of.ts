/** Changed files in bulk, with the id of their new content. */
import { runGit } from './run-git.ts';

/** `path NUL id`: a file as it is after a change; an id of zeros for one that is gone. */
export type Content = string;

/** What lies between each base and its tip, in order; one process for all. A base `null` means from nothing. */
export async function changesOf(
  gitDir: string,
  pairs: readonly { base: string | null; tip: string }[],
): Promise<Content[][]> {
  if (pairs.length === 0) return [];
  // A commit with other parents named behind it is compared with those.
  const input = `${pairs.map(({ base, tip }) => (base === null ? tip : `${tip} ${base}`)).join('\n')}\n`;
  const args = ['diff-tree', '--stdin', '--always', '--root', '-m', '-r', '-z', ...rawArgs];
  const fields = (await runGit(args, { gitDir, input })).stdout.toString('utf8').split('\0');
  const found: Content[][] = [];
  for (let at = 0; at < fields.length; at += 1) {
    const field = (fields[at] ?? '').trimStart();
    if (field.startsWith(':')) found.at(-1)?.push(contentOf(field, fields[(at += 1)] ?? ''));
    else if (field !== '') found.push([]);
  }
  return found;
}

/** Whether a branch has a content now, or took it on since a time, on its first-parent line. Two processes. */
export async function contentsOf(
  gitDir: string,
  target: string,
  sinceMs: number,
): Promise<{ has(content: Content): boolean }> {
  const since = `--since=@${Math.max(0, Math.floor(sinceMs / 1_000))}`;
  const log = [
    'log',
    '--format=',
    '-z',
    '-m',
    '--first-parent',
    '--root',
    ...rawArgs,
    since,
    '--end-of-options',
    target,
  ];
  const [tree, history] = await Promise.all([
    runGit(['ls-tree', '-r', '-z', '--full-tree', target], { gitDir }),
    runGit(log, { gitDir }),
  ]);
  const contents = new Set<Content>();
  const paths = new Set<string>();
  for (const entry of tree.stdout.toString('utf8').split('\0')) {
    const cut = entry.indexOf('\t');
    if (cut !== -1) paths.add(entry.slice(cut + 1));
    if (cut !== -1) contents.add(`${entry.slice(cut + 1)}\0${entry.slice(0, cut).split(' ')[2]}`);
  }
  const fields = history.stdout.toString('utf8').split('\0');
  for (let at = 0; at < fields.length; at += 1) {
    const field = (fields[at] ?? '').trimStart();
    if (field.startsWith(':')) contents.add(contentOf(field, fields[(at += 1)] ?? ''));
  }
  return {
    has: (content) => {
      const [path = '', id = ''] = content.split('\0');
      return contents.has(content) || (/^0+$/.test(id) && !paths.has(path));
    },
  };
}

const rawArgs = ['--raw', '--no-abbrev', '--no-renames', '--no-ext-diff', '--no-textconv'];

/** `:mode mode id id letter`. */
function contentOf(field: string, path: string): Content {
  return `${path}\0${field.split(' ')[3] ?? ''}`;
}
