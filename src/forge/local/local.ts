/**
 * A repository without a forge, such as a bare one on a disk that several people share: pull requests are a list of Orbit's own.
 *
 * People review with git: they merge the branch into its base and push, or delete the branch to reject it. There are no checks and
 * reviews. What is told comes from the branches; the list holds only what was asked for.
 */
import { readFileSync } from 'node:fs';
import { OperationalError } from '../../platform/error.ts';
import { replaceFile } from '../../platform/replace-file.ts';
import type { Forge, OpenPullRequest, PullRequest } from '../forge.ts';

export interface LocalOrder {
  /** Where the list is kept; written whole. */
  file: string;
  /** For people. */
  name: string;
  /** Tips of branches of the remote. */
  tips(branches: readonly string[]): Promise<ReadonlyMap<string, string>>;
  isAncestor(commit: string, of: string): Promise<boolean>;
}

interface Entry extends OpenPullRequest {
  number: number;
  /** Last head that was seen. */
  commit: string | null;
  /** Closed by Orbit. */
  closed: boolean;
  comments: string[];
}

export function openLocalForge(order: LocalOrder): Forge {
  const look = async (entry: Entry): Promise<PullRequest> => pullOf(order, entry);
  const change = async (number: number, edit: (entry: Entry) => void): Promise<PullRequest> => {
    const entries = read(order.file);
    const entry = entryOf(order, entries, number);
    edit(entry);
    write(order.file, entries);
    return look(entry);
  };
  return {
    kind: 'local',
    name: order.name,
    find: async ({ head, marker }) => {
      const fitting = read(order.file).filter((entry) => entry.head === head && entry.body.includes(marker));
      const pulls = await Promise.all(fitting.map(look));
      return pulls.findLast(({ state }) => state === 'open') ?? pulls.at(-1) ?? null;
    },
    open: async (wanted) => {
      const entries = read(order.file);
      for (const entry of entries) {
        if (entry.head !== wanted.head || entry.base !== wanted.base || (await look(entry)).state !== 'open') continue;
        return change(entry.number, (found) => Object.assign(found, { title: wanted.title, body: wanted.body }));
      }
      const commit = (await order.tips([wanted.head])).get(wanted.head) ?? null;
      const entry: Entry = { ...wanted, number: entries.length + 1, commit, closed: false, comments: [] };
      write(order.file, [...entries, entry]);
      return look(entry);
    },
    get: async (number) => {
      const entries = read(order.file);
      const entry = entryOf(order, entries, number);
      const tip = (await order.tips([entry.head])).get(entry.head);
      if (tip === undefined || tip === entry.commit) return look(entry);
      return change(number, (found) => (found.commit = tip));
    },
    update: async (number, changes) => change(number, (entry) => Object.assign(entry, changes)),
    checks: async () => ({ state: 'none', failed: [] }),
    reviews: async () => ({ state: 'none', comments: [] }),
    merge: async () => ({
      merged: false,
      why: 'a repository without a forge merges nothing: merge the branch with git and push',
    }),
    close: async (number) => void (await change(number, (entry) => (entry.closed = true))),
    comment: async (number, { text, marker }) => {
      await change(number, ({ comments }) => {
        if (!comments.some((said) => said.includes(marker))) comments.push(`${text}\n\n${marker}`);
      });
    },
  };
}

async function pullOf(order: LocalOrder, entry: Entry): Promise<PullRequest> {
  const { number, head, base, title, body, closed } = entry;
  const found = await order.tips([head, base]);
  const commit = found.get(head) ?? entry.commit;
  const onto = found.get(base);
  const isMerged = commit !== null && onto !== undefined && (await order.isAncestor(commit, onto));
  const isClosed = closed || !found.has(head);
  return {
    number,
    url: '',
    state: isMerged ? 'merged' : isClosed ? 'closed' : 'open',
    head,
    base,
    title,
    body,
    commit,
    mergedAs: isMerged ? onto : null,
    keptRef: null,
  };
}

function entryOf({ name }: LocalOrder, entries: Entry[], number: number): Entry {
  const entry = entries.find((one) => one.number === number);
  if (entry !== undefined) return entry;
  throw new OperationalError('forge-not-found', `${name} has no pull request #${number}`, {
    hint: 'it is opened anew',
  });
}

function read(file: string): Entry[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Entry[];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw new OperationalError('forge-failed', `${file} cannot be read: ${(error as Error).message}`, {
      hint: 'restore or remove it; Orbit finds its branches again',
    });
  }
}

function write(file: string, entries: readonly Entry[]): void {
  replaceFile(file, `${JSON.stringify(entries, null, 1)}\n`);
}
