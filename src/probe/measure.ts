/**
 * What a probe's run showed: read from the scratch project's store, its git and the attempt's log, never from the agent's word.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentErrorClass } from '../agent/agent.ts';
import { gitText, openProject, type Environment } from '../compose.ts';
import type { Attempt } from '../core/attempt.ts';
import { taskKey } from '../core/id.ts';
import { attemptNames } from '../core/kept-refs.ts';
import { answerFile, probeTask, type Scratch } from './scratch.ts';

export interface HeardError {
  class: AgentErrorClass;
  text: string;
}

export interface Measured {
  attempt: Attempt | null;
  /** The answer's text as it was committed; else as it was left lying; `null` without one. */
  answer: string | null;
  isCommitted: boolean;
  /** Its word that the task is complete reached the store. */
  hasReported: boolean;
  isDone: boolean;
  /** Why it waits for a person or failed, as the task tells it. */
  reason: string | null;
  /** The errors that the agent's program told, oldest first. */
  errors: readonly HeardError[];
  /** Anything that its model said or did was heard. */
  hasSpoken: boolean;
}

export async function measure({ directory }: Scratch, environment: Environment): Promise<Measured> {
  const context = await openProject({ directory, environment });
  await using store = context.store;
  const key = taskKey(probeTask.plan, probeTask.id);
  const task = (await store.task(key))?.task ?? null;
  const [attempt = null] = (await store.attempts({ task: key })).toSorted((a, b) => b.token - a.token);
  const events = await store.events({ since: 0, task: key });
  const names = attempt === null ? null : attemptNames(key, attempt.token);
  const committed = names === null ? null : await answerAt(directory, names.ref);
  const left = names === null ? null : await answerAt(directory, names.salvage);
  const heard = attempt?.logs === null || attempt === null ? [] : readHeard(attempt.logs);
  return {
    attempt,
    answer: committed ?? left,
    isCommitted: committed !== null,
    hasReported: events.some(({ body }) => body.type === 'completion-reported') && reportedItself(heard),
    isDone: task !== null && task.evidence !== null,
    reason: task?.inbox?.reason ?? task?.failures.at(-1)?.reason ?? attempt?.reason ?? null,
    errors: heard.flatMap(({ type, class: kind, text }) =>
      type === 'error' && kind !== undefined ? [{ class: kind, text: text ?? '' }] : [],
    ),
    hasSpoken: (attempt?.pulse.tokens ?? 0) > 0 || heard.some(({ type }) => spoken.has(type)),
  };
}

const spoken = new Set(['thought', 'tool-call', 'tool-result', 'file-change', 'todo', 'report']);

/**
 * A turn that ends is taken for a report after a question; that is the runner's patience and no ability of the agent's. What
 * tells no calls is believed.
 */
function reportedItself(heard: readonly HeardEvent[]): boolean {
  const calls = heard.filter(({ type }) => type === 'tool-call');
  if (calls.length === 0) return true;
  const isReport = ({ tool = '', input = '' }: HeardEvent): boolean =>
    /(?:^|[^a-z])complete$/.test(tool) ||
    /\borbit(?:-agent)? complete\b|orbit\W{1,3}complete\b|orbit_+complete/.test(input);
  return calls.some(isReport) || heard.some(({ type }) => type === 'report');
}

async function answerAt(directory: string, ref: string): Promise<string | null> {
  try {
    return await gitText(directory, ['cat-file', 'blob', `${ref}:${answerFile}`]);
  } catch {
    return null;
  }
}

interface HeardEvent {
  type: string;
  class?: AgentErrorClass;
  text?: string;
  tool?: string;
  input?: string;
}

function readHeard(logs: string): HeardEvent[] {
  let text: string;
  try {
    text = readFileSync(join(logs, 'verbose.jsonl'), 'utf8');
  } catch {
    return [];
  }
  return text.split('\n').flatMap((line) => {
    try {
      const { event } = JSON.parse(line) as { event?: HeardEvent };
      return event === undefined ? [] : [event];
    } catch {
      return [];
    }
  });
}
