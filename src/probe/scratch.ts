/**
 * The scratch project of a probe: a repository with one file, one agent and one task, made for it and removed after it.
 *
 * Owns what the agent is asked: things that it can only answer by doing them. The word is random, and no model knows the output
 * of the command without running it.
 */
import { randomInt } from 'node:crypto';
import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createTask } from '../actions/change-task.ts';
import { initProject } from '../actions/init-project.ts';
import { gitIn, gitText, openProject, openRepositoryForInit, type Environment } from '../compose.ts';
import { isRejection } from '../core/rejection.ts';
import { OperationalError } from '../platform/error.ts';
import type { AgentEntry } from '../platform/settings.ts';

export const probeTask = { plan: 'check', id: 'T001', title: 'Orbit agent check' } as const;
export const answerFile = 'answer.txt';
const wordFile = 'word.txt';

export interface ScratchOrder {
  agent: string;
  /** As the user has it; paths in it start at `top`. */
  entry: AgentEntry;
  top: string;
  /** Names of variables that the project hands to its agents. */
  granted: readonly string[];
  environment: Environment;
  timeoutMs: number;
  costUsdMax: number;
}

export interface Scratch {
  directory: string;
  /** What the answer must hold: the first only who read the file can write, the second only who ran the command. */
  wanted: { word: string; output: string };
  remove(): void;
}

export async function makeScratch(order: ScratchOrder): Promise<Scratch> {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'orbit-check-')));
  const remove = (): void => rmSync(directory, { recursive: true, force: true, maxRetries: 3 });
  try {
    const word = randomWord();
    writeFileSync(join(directory, wordFile), `${word}\n`);
    writeFileSync(join(directory, 'orbit.config.json'), `${JSON.stringify(settingsOf(order), null, 2)}\n`);
    await gitIn(directory, ['init', '--quiet', '--initial-branch=main']);
    await gitIn(directory, ['config', 'user.name', 'Orbit check']);
    await gitIn(directory, ['config', 'user.email', 'check@localhost']);
    await gitIn(directory, ['add', wordFile]);
    await gitIn(directory, ['commit', '--quiet', '-m', 'Start']);
    const output = (await gitText(directory, ['hash-object', wordFile])).trim();
    await makeTask(directory, order.environment);
    return { directory, wanted: { word: word.toUpperCase(), output }, remove };
  } catch (error) {
    remove();
    throw error;
  }
}

async function makeTask(directory: string, environment: Environment): Promise<void> {
  const { paths, ...rest } = openRepositoryForInit({ directory, environment });
  await initProject(paths, { agentsFile: false, skill: false, path: '' }, rest);
  const context = await openProject({ directory, environment });
  await using _store = context.store;
  const { plan, id, title } = probeTask;
  const made = await createTask(context, { plan, id, fields: { title, body, scope: [answerFile] } });
  if (!isRejection(made)) return;
  throw new OperationalError('agent-not-startable', `the probe's task could not be made: ${made.message}`, {
    hint: made.hint,
  });
}

const body = `This task checks that you can work here. Do exactly this, in your current directory:

1. Read the file ${wordFile}. It holds one word.
2. Run this command and look at its output: git hash-object ${wordFile}
3. Write the file ${answerFile} with two lines: first that word in capital letters, then the output of the command.
4. Commit ${answerFile} with git.
5. Report the task as complete.

Change nothing else, and ask nothing.
`;

/** Small letters without meaning: nothing that a model would correct. */
function randomWord(): string {
  const [consonants, vowels] = ['bdfgklmnprstvz', 'aeiou'];
  const syllable = (): string =>
    (consonants[randomInt(consonants.length)] ?? 'b') + (vowels[randomInt(vowels.length)] ?? 'a');
  return Array.from({ length: 5 }, syllable).join('');
}

function settingsOf({ agent, entry, top, granted, timeoutMs, costUsdMax }: ScratchOrder): object {
  const { command, script } = entry;
  return {
    agents: {
      [agent]: {
        ...entry,
        slots: 1,
        check: 'never',
        ...(command === undefined ? {} : { command: command.map((word, at) => inProject(word, top, at === 0)) }),
        ...(script === undefined ? {} : { script: resolve(top, script) }),
      },
    },
    environment: granted,
    landing: { mode: 'off' },
    plan: { tick: false },
    budget: { attempts: 1, minutes: timeoutMs / 60_000, costUsd: costUsdMax },
  };
}

/** Programs with a path, and arguments that name a file of the project, mean the project's and not the scratch one's. */
function inProject(word: string, top: string, isProgram: boolean): string {
  if (isProgram) return word.includes('/') ? resolve(top, word) : word;
  return /^[\w./-]+$/.test(word) && existsSync(join(top, word)) ? resolve(top, word) : word;
}
