/** Commits that git's own commands refuse to make, as an agent with a shell makes them: objects are written as they are. */
import { execFileSync } from 'node:child_process';
import type { TestRepository } from './repository.ts';

export interface OddEntry {
  mode: string;
  name: string | Buffer;
  id: string;
}

export interface OddObjects {
  blob: (content: string | Buffer) => string;
  /** Entries in the order given, whatever they are. */
  tree: (entries: readonly OddEntry[]) => string;
  /** A tree like `main`'s with further entries at its top, in git's order. */
  onMain: (entries: readonly OddEntry[]) => string;
  /** A commit of the tree on `main`; `edit` changes its text before it is written. */
  commit: (tree: string, edit?: (text: string) => string) => string;
  /** A file at a path of any depth, as a commit on `main`. */
  file: (path: string, content?: string, mode?: string) => string;
}

export function oddObjects(made: TestRepository): OddObjects {
  const write = (type: string, input: string | Buffer): string =>
    execFileSync('git', ['hash-object', '-t', type, '-w', '--literally', '--stdin'], {
      cwd: made.directory,
      input,
      encoding: 'utf8',
      maxBuffer: 1e9,
    }).trim();
  const tree: OddObjects['tree'] = (entries) => write('tree', Buffer.concat(entries.map(bytesOf)));
  const blob: OddObjects['blob'] = (content) => write('blob', content);
  const onMain: OddObjects['onMain'] = (entries) => {
    const known = made.git('ls-tree', 'main').split('\n');
    const kept = known.map((line): OddEntry => {
      const [mode = '', , id = '', name = ''] = line.split(/[ \t]/);
      return { mode: mode.replace(/^0/, ''), id, name };
    });
    const fresh = entries.filter((entry) => !kept.some(({ name }) => name === entry.name));
    return tree([...kept, ...fresh].toSorted((a, b) => Buffer.compare(keyOf(a), keyOf(b))));
  };
  const commit: OddObjects['commit'] = (top, edit = (text) => text) => {
    const who = 'Eve <eve@example.org> 1767323045 +0000';
    const parent = made.git('rev-parse', 'main');
    return write('commit', edit(`tree ${top}\nparent ${parent}\nauthor ${who}\ncommitter ${who}\n\nWork\n`));
  };
  return {
    blob,
    tree,
    onMain,
    commit,
    file: (path, content = 'x', mode = '100644') => {
      const [name = '', ...folders] = path.split('/').toReversed();
      let entry: OddEntry = { mode, name, id: blob(content) };
      for (const folder of folders) entry = { mode: '40000', name: folder, id: tree([entry]) };
      return commit(onMain([entry]));
    },
  };
}

function bytesOf({ mode, name, id }: OddEntry): Buffer {
  return Buffer.concat([Buffer.from(`${mode} `), Buffer.from(name), Buffer.from([0]), Buffer.from(id, 'hex')]);
}

function keyOf({ mode, name }: OddEntry): Buffer {
  return Buffer.concat([Buffer.from(name), Buffer.from(mode === '40000' ? '/' : '')]);
}
