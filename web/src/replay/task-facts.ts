/**
 * A task's facts as events tell them, and how each event changes them. Pure and total: what does not fit changes nothing.
 *
 * Owns only the facts that statuses and lists need; the server's fold keeps all of them.
 */
import type { Event } from '../../../src/api/contract.ts';

export interface TaskFacts {
  id: string;
  key: string;
  plan: string;
  title: string;
  kind: string;
  layer: number | null;
  agent: string | null;
  priority: number;
  /** Full keys. */
  dependencies: readonly string[];
  closed: 'completed' | 'cancelled' | null;
  hold: string | null;
  inbox: { kind: string; reason: string } | null;
  claim: { agent: string; token: number } | null;
  attempts: number;
  /** Epoch ms; `null`: no time to wait for. */
  retryAt: number | null;
  /** Why the last attempt failed. */
  failure: string | null;
  evidence: { token: number | null; commit: string | null } | null;
  landing: 'queued' | 'landed' | null;
  pr: { number: number; status: string } | null;
}

type Data = Event['data'];
type Fold = (facts: TaskFacts, data: Data, event: Event) => Partial<TaskFacts> | null;

/** @param facts `null` before its `task-created` */
export function foldTask(facts: TaskFacts | null, event: Event): TaskFacts | null {
  if (event.type === 'task-created') return facts ?? created(event);
  const fold = Object.hasOwn(folds, event.type) ? folds[event.type] : undefined;
  const change = facts === null ? null : (fold?.(facts, event.data, event) ?? null);
  return facts === null || change === null ? facts : { ...facts, ...change };
}

const folds: Readonly<Record<string, Fold>> = {
  'task-changed': (_facts, { definition }) => defined(record(definition)),
  'task-claimed': ({ attempts }, { agent, token }) => ({
    claim: { agent: text(agent), token: whole(token) ?? 0 },
    attempts: attempts + 1,
    retryAt: null,
  }),
  'task-done': (_facts, { evidence }) => {
    const { token, commit } = record(evidence);
    const proven = { token: whole(token), commit: textOrNull(commit) };
    return { claim: null, evidence: proven, landing: null, retryAt: null };
  },
  'attempt-ended': ({ claim, failure }, { token, outcome, reason, retryAt }) => {
    if (claim?.token !== token) return null;
    const isBlameless = outcome === 'cancelled' || outcome === 'released' || outcome === 'handed-over';
    return { claim: null, retryAt: whole(retryAt), failure: isBlameless ? failure : text(reason) };
  },
  'task-escalated': (_facts, { kind, reason }) => ({
    inbox: { kind: text(kind), reason: text(reason) },
    retryAt: null,
  }),
  'task-retried': () => ({ inbox: null, retryAt: null }),
  'task-held': (_facts, { why }) => ({ hold: text(why) }),
  'task-unheld': () => ({ hold: null }),
  'task-closed': (_facts, { as }) => ({
    closed: as === 'completed' ? 'completed' : 'cancelled',
    inbox: null,
    hold: null,
    retryAt: null,
    landing: null,
  }),
  'task-reopened': () => ({ closed: null, evidence: null, landing: null, inbox: null, pr: null }),
  'task-made-whole': ({ dependencies }, { parts }) => {
    const gone = new Set(texts(parts));
    return { dependencies: dependencies.filter((key) => !gone.has(key)), inbox: null, retryAt: null };
  },
  'landing-queued': () => ({ landing: 'queued' }),
  'task-landed': () => ({ landing: 'landed', inbox: null }),
  'landing-bounced': ({ inbox }, { reason, retryAt }) => ({
    evidence: null,
    landing: null,
    inbox: inbox?.kind === 'approval' ? null : inbox,
    retryAt: whole(retryAt),
    failure: text(reason),
  }),
  'work-approved': ({ inbox }) => (inbox?.kind === 'approval' ? { inbox: null } : null),
  'work-restacked': ({ evidence }, { commit }) =>
    evidence === null ? null : { landing: null, evidence: { ...evidence, commit: textOrNull(commit) } },
  'pr-changed': (_facts, { number, status }) => ({ pr: { number: whole(number) ?? 0, status: text(status) } }),
};

function created({ task, plan, data }: Event): TaskFacts | null {
  if (task === null || plan === null) return null;
  return {
    id: task,
    key: `${plan}/${task}`,
    plan,
    ...defined(record(data['definition'])),
    closed: null,
    hold: null,
    inbox: null,
    claim: null,
    attempts: 0,
    retryAt: null,
    failure: null,
    evidence: null,
    landing: null,
    pr: null,
  };
}

type Defined = Pick<TaskFacts, 'title' | 'kind' | 'layer' | 'agent' | 'priority' | 'dependencies'>;

function defined({ title, kind, layer, agent, priority, dependencies }: Readonly<Record<string, unknown>>): Defined {
  return {
    title: text(title),
    kind: text(kind),
    layer: whole(layer),
    agent: textOrNull(agent),
    priority: whole(priority) ?? 0,
    dependencies: texts(dependencies),
  };
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

function whole(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}
