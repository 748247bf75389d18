/**
 * Gathers what the prompt tells: from the store, from the refs of earlier attempts, from the project's own words.
 *
 * Owns how much of it: enough to help, bounded so that one prompt never fills a context. None of it may fail the attempt.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { agentFamily } from '../core/agent-name.ts';
import { keyParts } from '../core/id.ts';
import type { Plan } from '../core/plan.ts';
import type { Rung } from '../core/rung.ts';
import type { Task } from '../core/task.ts';
import type { CarryOver } from './carry-over.ts';
import { promptText, type PromptFacts } from './prompt.ts';
import type { RunnerPorts } from './runner.ts';

/** Findings and refs in a prompt; more of them help nobody. */
const findingsMax = 8;
const keptMax = 6;
/** Of one finding, in characters; the rest is a command away. */
const findingLengthMax = 2_000;

export interface PromptOrder {
  task: Task;
  plan: Plan;
  agent: string;
  branch: string;
  exitIsReport: boolean;
  /** It has Orbit's tools. */
  hasTools: boolean;
  rung: Rung;
  /** The earlier attempt that it goes on from. */
  carried: CarryOver | null;
}

/** The whole prompt of an attempt. */
export async function writePrompt(ports: RunnerPorts, order: PromptOrder): Promise<string> {
  const { task, plan, carried } = order;
  const facts: PromptFacts = {
    ...order,
    checks: [...task.checks, ...plan.checks],
    shared: ports.settings.shared,
    mayWiden: ports.settings.scope.widen !== 'never',
    dependencies: await dependenciesOf(ports, task),
    findings: await findingsFor(ports, task),
    kept: await keptWork(ports, task),
    ends: await endsOf(ports, task),
    goingOn: carried === null ? null : goingOn(carried),
    parts: order.rung === 'join' ? await partsOf(ports, task) : [],
  };
  return promptText(facts, await ownWords(ports.paths.project, task.kind, agentFamily(order.agent)));
}

function goingOn({ from, conflicts, uncommitted }: CarryOver): NonNullable<PromptFacts['goingOn']> {
  const { agent, reason, cause, notes } = from;
  return { agent, reason: reason ?? '', cause, notes, isDirty: uncommitted !== null, conflicts };
}

/** What rules saw of attempts that they ended, and what the agents said last. */
async function endsOf({ store }: RunnerPorts, task: Task): Promise<PromptFacts['ends']> {
  if (task.failures.length === 0) return [];
  const attempts = await store.attempts({ task: task.key });
  return attempts.flatMap(({ token, acted, notes }) =>
    acted === null ? [] : [{ token, rule: acted.rule, evidence: acted.evidence, lastWords: notes }],
  );
}

/** Tasks that an attempt at this one made and that it now depends on. */
async function partsOf({ store }: RunnerPorts, task: Task): Promise<PromptFacts['parts']> {
  const records = await Promise.all(task.dependencies.map(async (key) => store.task(key)));
  return records.flatMap((record) =>
    record?.task.origin?.task === task.key ? [{ id: record.task.id, title: record.task.title }] : [],
  );
}

async function dependenciesOf({ store }: RunnerPorts, task: Task): Promise<PromptFacts['dependencies']> {
  const records = await Promise.all(task.dependencies.map(async (key) => store.task(key)));
  return records.flatMap((record) => (record === null ? [] : [{ id: record.task.id, title: record.task.title }]));
}

async function findingsFor({ store, log }: RunnerPorts, task: Task): Promise<PromptFacts['findings']> {
  const words = [task.title, ...task.scope.map((glob) => glob.replaceAll(/[*?[\]{}]/g, ' '))].join(' ');
  try {
    const notes = await store.notes({ words, limit: findingsMax });
    return notes.map(({ title, text, author, paths }) => ({
      title,
      text: text.slice(0, findingLengthMax),
      author,
      paths,
    }));
  } catch (error) {
    log(`findings could not be read: ${String(error)}`);
    return [];
  }
}

async function keptWork({ store, workspaces, log }: RunnerPorts, task: Task): Promise<PromptFacts['kept']> {
  if (task.attempts <= 1) return [];
  try {
    const tokens = new Set((await store.attempts({ task: task.key })).map(({ token }) => token));
    const kept = await workspaces.kept(keyParts(task.key).task);
    return kept.filter(({ token }) => tokens.has(token)).slice(0, keptMax);
  } catch (error) {
    log(`earlier work could not be listed: ${String(error)}`);
    return [];
  }
}

/** `.orbit/prompts/<kind>.<agent>.md`, then `<kind>.md`: read in the user's checkout, never in a workspace. */
async function ownWords(project: string, kind: string, agent: string): Promise<string | null> {
  for (const name of [`${kind}.${agent}.md`, `${kind}.md`]) {
    try {
      return await readFile(join(project, '.orbit', 'prompts', name), 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    }
  }
  return null;
}
