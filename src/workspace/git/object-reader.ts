/**
 * A `git cat-file --batch` per repository that stays for the next question: an answer costs a tenth of a millisecond where a process of
 * its own costs two or more. Every look, salvage and merge asks.
 *
 * It keeps nobody awake: between questions it does not hold the process open, it ends when unused for `idleMs`, and the end of this
 * process ends it (its input closes).
 */
import type { ChildProcess } from 'node:child_process';
import type { Socket } from 'node:net';
import { limits } from '../../core/limits.ts';
import { OperationalError } from '../../platform/error.ts';
import { BatchParser, type GitObject } from './batch-parser.ts';
import { spawnGit } from './run-git.ts';

/**
 * Objects by name, in order; see `readObjects`. What is asked in one turn goes in one write.
 *
 * @param skim leaves their contents out, after they were read to their end.
 * Throws OperationalError `git-failed` if a program started anew ends without an answer.
 */
export async function askReader(
  gitDir: string,
  names: readonly string[],
  skim: boolean,
): Promise<(GitObject | null)[]> {
  const known = readers.get(gitDir);
  if (known !== undefined) {
    // One that waited may have been ended meanwhile, by whomever.
    const answers = await known.ask(names, skim).catch(() => null);
    if (answers !== null) return answers;
  }
  const fresh = startReader(gitDir);
  readers.set(gitDir, fresh);
  return fresh.ask(names, skim);
}

/** Ends those that wait and resolves when they are gone: for a process that is about to end and leaves nothing behind. */
export async function endReaders(): Promise<void> {
  await Promise.all([...readers.values()].map(async (reader) => reader.end()));
}

const readers = new Map<string, Reader>();

/** Long enough for the steps of one action to share it, short enough to leave no process behind a finished one. */
const idleMs = 2_000;

interface Reader {
  ask(names: readonly string[], skim: boolean): Promise<(GitObject | null)[]>;
  end(): Promise<void>;
}

interface Question {
  skim: boolean;
  missing: number;
  answers: (GitObject | null)[];
  answer(objects: (GitObject | null)[]): void;
  fail(error: Error): void;
}

function startReader(gitDir: string): Reader {
  const child = spawnGit(['cat-file', '--batch'], { gitDir, input: '' });
  const waiting: Question[] = [];
  const parser = new BatchParser(() => waiting[0]?.skim !== true);
  let unsent = '';
  let timer: NodeJS.Timeout | undefined;

  const forget = (): void => {
    clearTimeout(timer);
    if (readers.get(gitDir) === reader) readers.delete(gitDir);
  };
  const end = (why: string): void => {
    forget();
    child.kill('SIGTERM');
    const hint = 'Try again; `git fsck` finds damage.';
    const error = new OperationalError('git-failed', `git cat-file --batch failed: ${why}`, { hint, retryable: true });
    for (const question of waiting.splice(0)) question.fail(error);
  };
  const rest = (): void => {
    clearTimeout(timer);
    hold(child, waiting.length > 0);
    if (waiting.length > 0)
      timer = setTimeout(() => end(`no answer in ${limits.gitTimeoutMs} ms`), limits.gitTimeoutMs);
    else {
      timer = setTimeout(() => {
        forget();
        child.stdin?.end();
      }, idleMs).unref();
    }
  };
  const send = (): void => {
    child.stdin?.write(unsent);
    unsent = '';
  };
  child.stdout?.on('data', (chunk: Buffer) => {
    parser.push(chunk, (object) => give(waiting, object));
    rest();
  });
  // What it says of names that are not there is of no use, but must not fill the pipe.
  child.stderr?.resume();
  child.stdin?.on('error', () => undefined);
  child.once('error', (error) => end(error.message));
  child.once('close', () => end('it ended'));

  const reader: Reader = {
    ask: async (names, skim) =>
      new Promise((answer, fail) => {
        waiting.push({ skim, missing: names.length, answers: [], answer, fail });
        if (unsent === '') queueMicrotask(send);
        unsent += `${names.join('\n')}\n`;
        rest();
      }),
    end: async () =>
      new Promise((ended) => {
        forget();
        hold(child, true);
        child.once('close', () => ended());
        child.stdin?.end();
      }),
  };
  return reader;
}

function give(waiting: Question[], object: GitObject | null): void {
  const question = waiting[0];
  if (question === undefined) return;
  question.answers.push(object);
  question.missing -= 1;
  if (question.missing > 0) return;
  waiting.shift();
  question.answer(question.answers);
}

/** Whether this process stays alive for the child. */
function hold(child: ChildProcess, isNeeded: boolean): void {
  const handles = [child, ...child.stdio.map((stream) => stream as Socket | null)];
  for (const handle of handles) {
    if (isNeeded) handle?.ref();
    else handle?.unref();
  }
}
