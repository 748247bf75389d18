/**
 * What a forge knows, without its interface: a bare repository and the pull requests on it.
 *
 * Tests play people with it: they review, merge, squash, rebase and close behind Orbit's back. The `*-api.ts` beside this file dress it
 * as the forges do.
 */
import { execFileSync } from 'node:child_process';

export interface HubReview {
  id: number;
  author: string;
  state: 'approved' | 'changes';
  text: string;
  commit: string;
  at: string;
  lines: { path: string; line: number; text: string }[];
}

export interface HubPull {
  number: number;
  head: string;
  base: string;
  title: string;
  body: string;
  state: 'open' | 'merged' | 'closed';
  commit: string;
  /** When the present head came. */
  commitAt: string;
  mergedAs: string | null;
  reviews: HubReview[];
  comments: string[];
}

export interface HubStatus {
  name: string;
  state: 'pending' | 'success' | 'failure';
  text: string;
}

const identity = {
  GIT_AUTHOR_NAME: 'Forge',
  GIT_AUTHOR_EMAIL: 'forge@example.org',
  GIT_COMMITTER_NAME: 'Forge',
  GIT_COMMITTER_EMAIL: 'forge@example.org',
};

export class Hub {
  readonly directory: string;
  readonly pulls: HubPull[] = [];
  readonly statuses: Map<string, HubStatus[]> = new Map();
  /** Says "merged" without doing it. */
  lies: boolean = false;
  #clock = Date.parse('2026-01-02T03:04:05Z');
  #ids = 100;

  constructor(directory: string) {
    this.directory = directory;
  }

  git(...args: readonly string[]): string {
    return this.#run(args, '');
  }

  #run(args: readonly string[], input: string): string {
    const env = { PATH: process.env['PATH'] ?? '', GIT_CONFIG_NOSYSTEM: '1', HOME: this.directory, ...identity };
    return execFileSync('git', ['--git-dir', this.directory, ...args], {
      env,
      input,
      encoding: 'utf8',
      stdio: ['pipe', 'pipe', 'pipe'],
    }).trimEnd();
  }

  /** Writes a tree of lines as `ls-tree` prints them. */
  treeOf(lines: readonly string[]): string {
    return this.#run(['mktree'], `${lines.join('\n')}\n`);
  }

  tip(branch: string): string | null {
    try {
      return this.git('rev-parse', '--verify', '--quiet', `refs/heads/${branch}`);
    } catch {
      return null;
    }
  }

  nextId(): number {
    this.#ids += 1;
    return this.#ids;
  }

  now(): string {
    this.#clock += 1_000;
    return new Date(this.#clock).toISOString();
  }

  open(order: Pick<HubPull, 'head' | 'base' | 'title' | 'body'>): HubPull | 'exists' | 'invalid' {
    const commit = this.tip(order.head);
    if (commit === null || this.tip(order.base) === null) return 'invalid';
    if (this.pulls.some(({ head, base, state }) => state === 'open' && head === order.head && base === order.base))
      return 'exists';
    const fresh = { state: 'open', commit, commitAt: this.now(), mergedAs: null, reviews: [], comments: [] } as const;
    const pull: HubPull = { ...order, ...fresh, number: this.pulls.length + 1, reviews: [], comments: [] };
    this.pulls.push(pull);
    this.#keep(pull);
    return pull;
  }

  /** As of now: heads follow their branches, and what reached its base counts as merged, as every forge does it. */
  look(number: number): HubPull | null {
    const pull = this.pulls.find((one) => one.number === number) ?? null;
    if (pull === null || pull.state !== 'open') return pull;
    const tip = this.tip(pull.head);
    if (tip !== null && tip !== pull.commit) {
      Object.assign(pull, { commit: tip, commitAt: this.now() });
      this.#keep(pull);
    }
    if (this.#isAncestor(pull.commit, pull.base))
      Object.assign(pull, { state: 'merged', mergedAs: this.tip(pull.base) });
    return pull;
  }

  all(): HubPull[] {
    return this.pulls.flatMap(({ number }) => this.look(number) ?? []);
  }

  /** A person, or Orbit, merges it. */
  merge(number: number, how: 'merge' | 'squash' | 'rebase' = 'merge'): HubPull {
    const pull = this.must(number);
    if (this.lies) return Object.assign(pull, { state: 'merged', mergedAs: pull.commit });
    const onto = this.tip(pull.base) ?? '';
    const tree = this.git('merge-tree', '--write-tree', onto, pull.commit);
    const parents = how === 'merge' ? ['-p', onto, '-p', pull.commit] : ['-p', onto];
    const message = how === 'rebase' ? 'Rebased' : `${pull.title} (#${number})`;
    const mergedAs = this.git('commit-tree', tree, ...parents, '-m', message);
    this.git('update-ref', `refs/heads/${pull.base}`, mergedAs, onto);
    return Object.assign(pull, { state: 'merged', mergedAs });
  }

  close(number: number): void {
    this.must(number).state = 'closed';
  }

  review(number: number, said: Pick<HubReview, 'state'> & Partial<Pick<HubReview, 'text' | 'lines'>>): void {
    const pull = this.must(number);
    const { state, text = '', lines = [] } = said;
    pull.reviews.push({ id: this.nextId(), author: 'ada', state, text, commit: pull.commit, at: this.now(), lines });
  }

  check(commit: string, status: HubStatus): void {
    const others = (this.statuses.get(commit) ?? []).filter(({ name }) => name !== status.name);
    this.statuses.set(commit, [...others, status]);
  }

  must(number: number): HubPull {
    const pull = this.look(number);
    if (pull === null) throw new Error(`there is no pull request ${number}`);
    return pull;
  }

  #isAncestor(commit: string, branch: string): boolean {
    try {
      this.git('merge-base', '--is-ancestor', commit, `refs/heads/${branch}`);
      return true;
    } catch {
      return false;
    }
  }

  /** Forges keep heads under refs of their own. */
  #keep({ number, commit }: HubPull): void {
    for (const kind of ['pull', 'merge-requests']) this.git('update-ref', `refs/${kind}/${number}/head`, commit);
  }
}
