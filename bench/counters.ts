/**
 * What a measure asks of the machine, counted where this process asks for it: so a slow row tells why.
 *
 * Owns the taps on Node's own parts (starting a child, its input, SQLite's statements); the code that is measured knows nothing of them.
 * Counting costs microseconds each, and the limits beside it are counted alike.
 */
import { ChildProcess } from 'node:child_process';
import { DatabaseSync, StatementSync } from 'node:sqlite';

export interface Counts {
  /** Processes of git that were started. */
  processes: number;
  /** Questions to a waiting `git cat-file`: each is a wait for an answer, whatever number of objects it names. */
  questions: number;
  /** Objects that those named. */
  objects: number;
  commits: number;
  /** Those that waited for the disk. */
  durableCommits: number;
}

const counts: Counts = { processes: 0, questions: 0, objects: 0, commits: 0, durableCommits: 0 };
const programs = new Map<string, number>();
let isTapped = false;

/** Counts from now on, for as long as this process lives. Answers a function that tells what was counted since its last call. */
export function startCounting(): () => Counts {
  if (!isTapped) tap();
  isTapped = true;
  let before = { ...counts };
  return () => {
    const names = Object.keys(counts) as (keyof Counts)[];
    const since = Object.fromEntries(names.map((name) => [name, counts[name] - before[name]]));
    before = { ...counts };
    return since as unknown as Counts;
  };
}

/** Which commands of git were started so far and how often, the most frequent first: for whoever looks for what to leave out. */
export function programsStarted(): string {
  const most = [...programs].toSorted(([, a], [, b]) => b - a);
  return most.map(([command, times]) => `${command} ${times} times`).join(', ');
}

function tap(): void {
  type Start = (this: ChildProcess, options: { args?: readonly string[] }) => unknown;
  const start = Reflect.get(ChildProcess.prototype, 'spawn') as Start;
  Reflect.set(ChildProcess.prototype, 'spawn', function spawn(this: ChildProcess, options: { args?: string[] }) {
    const started = start.call(this, options);
    counts.processes += 1;
    const command = commandOf(options.args ?? []);
    programs.set(command, (programs.get(command) ?? 0) + 1);
    if (command === 'cat-file') countQuestions(this);
    return started;
  });
  let isFull = false;
  const exec = Reflect.get(DatabaseSync.prototype, 'exec');
  Reflect.set(DatabaseSync.prototype, 'exec', function execCounted(this: DatabaseSync, sql: string) {
    const mode = /^PRAGMA synchronous = (\w+)/.exec(sql)?.[1];
    if (mode !== undefined) isFull = mode === 'full';
    exec.call(this, sql);
  });
  const run = Reflect.get(StatementSync.prototype, 'run') as (this: StatementSync, ...values: unknown[]) => unknown;
  Reflect.set(StatementSync.prototype, 'run', function runCounted(this: StatementSync, ...values: unknown[]) {
    if (values.length === 0 && this.sourceSQL === 'COMMIT') {
      counts.commits += 1;
      if (isFull) counts.durableCommits += 1;
    }
    return run.call(this, ...values);
  });
}

function countQuestions({ stdin }: ChildProcess): void {
  if (stdin === null) return;
  const write = stdin.write.bind(stdin) as (text: string) => boolean;
  Reflect.set(stdin, 'write', (text: string) => {
    counts.questions += 1;
    counts.objects += text.split('\n').length - 1;
    return write(text);
  });
}

/** The command of git in its arguments, behind its own settings. */
function commandOf(args: readonly string[]): string {
  const rest = args.slice(1);
  for (let at = 0; at < rest.length; at += 1) {
    if (rest[at] === '-c') at += 1;
    else if (!(rest[at] ?? '').startsWith('-')) return rest[at] ?? '';
  }
  return '';
}
