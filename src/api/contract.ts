/**
 * The contract of the API: what its routes take and answer, as schemas.
 *
 * Owns the shapes that server, dashboard and tests share; the only file of `src` that the dashboard imports. Times are ISO 8601
 * texts, durations milliseconds, money US dollars. Answers may get more fields; none of these goes away or changes its meaning.
 * What a view shows is derived by the action that answers it, never here.
 */
import { z } from 'zod';

const text = z.string();
const maybe = text.nullable();
const whole = z.int();
const count = whole.min(0);
const flag = z.boolean();
const texts = z.array(text).readonly();
/** ISO 8601. */
const time = text;

export const taskStatus = z.enum([
  'blocked',
  'ready',
  'running',
  'done',
  'landing',
  'landed',
  'waiting',
  'needs-you',
  'cancelled',
]);

export const task = z
  .object({
    id: text,
    key: text,
    plan: text,
    title: text,
    status: taskStatus,
    layer: whole.nullable(),
    agent: maybe,
    dependencies: texts,
    waitingFor: texts,
    score: z.number(),
    kind: text,
    priority: z.number(),
    holder: maybe,
    token: whole.nullable(),
    attempts: count,
    reason: maybe,
    pr: whole.nullable(),
  })
  .meta({ id: 'Task' });

export const attempt = z
  .object({
    token: whole,
    task: text,
    plan: text,
    title: text,
    agent: text,
    adapter: maybe,
    model: maybe,
    rung: text,
    byHand: flag,
    startedAt: time,
    endedAt: time.nullable(),
    outcome: maybe,
    reason: maybe,
    /** The rule of supervision that ended it, with what it saw. */
    acted: z.object({ rule: text, evidence: texts }).nullable(),
    branch: maybe,
    base: maybe,
    commit: maybe,
    step: count,
    doing: text,
    tokens: count,
    costUsd: z.number(),
    contextUsed: count.nullable(),
    contextSize: count.nullable(),
    todo: z.object({ done: count, total: count, now: text }).nullable(),
    hasLogs: flag,
  })
  .meta({ id: 'Attempt' });

/** A live attempt, and what its processes use. */
export const agent = z
  .object({
    agent: text,
    task: text,
    plan: text,
    title: text,
    token: whole,
    status: z.enum(['working', 'silent', 'lost']),
    step: count,
    pid: whole.nullable(),
    branch: maybe,
    workspace: maybe,
    doing: text,
    startedAt: time,
    quietMs: count,
    byHand: flag,
    tokens: count,
    costUsd: z.number(),
    contextUsed: count.nullable(),
    contextSize: count.nullable(),
    todo: z.object({ done: count, total: count, now: text }).nullable(),
    model: maybe,
    /** Of its whole process tree; `null`: unknown (another machine, or it could not be read). */
    cpuMs: count.nullable(),
    memoryMb: count.nullable(),
    processes: count.nullable(),
  })
  .meta({ id: 'Agent' });

export const event = z
  .object({
    seq: count,
    at: time,
    actor: text,
    type: text,
    task: maybe,
    plan: maybe,
    attempt: whole.nullable(),
    actorSeq: count,
    data: z.record(text, z.unknown()),
  })
  .meta({ id: 'Event' });

const pastAttempt = z.object({
  token: whole,
  agent: text,
  adapter: maybe,
  model: maybe,
  rung: text,
  outcome: maybe,
  rule: maybe,
  evidence: texts,
  reason: text,
  lastWords: maybe,
  commit: maybe,
  minutes: z.number(),
  costUsd: z.number(),
});
const postMortem = z.object({ attempts: z.array(pastAttempt).readonly(), helps: texts });

export const conflict = z
  .object({ task: text, title: text, with: maybe, withTitle: maybe, paths: texts, since: time })
  .meta({ id: 'Conflict' });

export const taskDetail = task
  .extend({
    body: text,
    parent: maybe,
    scope: texts,
    checks: texts,
    dependants: texts,
    children: z.array(z.object({ id: text, title: text, status: text })).readonly(),
    advice: maybe,
    hold: z.object({ why: text, by: text, at: time }).nullable(),
    inbox: z.object({ kind: text, reason: text, at: time, token: whole.nullable() }).nullable(),
    evidence: z
      .object({
        agent: text,
        commit: maybe,
        base: maybe,
        tree: maybe,
        branch: maybe,
        commits: count,
        files: count,
        checks: texts,
        noChanges: maybe,
        at: time,
      })
      .nullable(),
    landing: z
      .object({ state: text, commit: text, queuedAt: time, landedAs: maybe, landedAt: time.nullable(), held: maybe })
      .nullable(),
    conflicts: z.array(z.object({ with: maybe, title: maybe, agent: maybe, paths: texts, since: time })).readonly(),
    tries: z.array(attempt).readonly(),
    events: z.array(event).readonly(),
  })
  .meta({ id: 'TaskDetail' });

export const why = z
  .object({
    task: text,
    plan: text,
    title: text,
    status: taskStatus,
    because: z
      .array(z.object({ rule: text, message: text, since: maybe, holder: maybe, unblockedBy: maybe }))
      .readonly(),
    /** The parts of its score, each by name; `null` unless it is open. */
    score: z.record(text, z.union([z.number(), maybe])).nullable(),
    postMortem: postMortem.optional(),
  })
  .meta({ id: 'Why' });

const running = z.object({
  task: text,
  title: text,
  agent: text,
  token: whole,
  sinceMs: count,
  silentMs: count.nullable(),
  doing: text,
});
export const plan = z
  .object({
    plan: text,
    title: text,
    paused: flag,
    landingPaused: flag,
    target: text,
    total: count,
    completed: count,
    counts: z.record(taskStatus, count),
    layers: z
      .array(
        z.object({
          layer: whole.nullable(),
          title: text,
          status: z.enum(['completed', 'in_progress', 'available', 'blocked']),
          total: count,
          completed: count,
          waitingForLayers: z.array(whole).readonly(),
          ready: texts,
          running: z.array(running).readonly(),
          blocked: z.array(z.object({ task: text, waitingFor: texts })).readonly(),
          needsYou: z.array(z.object({ task: text, kind: text, reason: text, sinceMs: count })).readonly(),
          stuck: z.array(running).readonly(),
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Plan' });

export const queue = z
  .object({
    /** Whether a coordinator leads; nothing lands without one. */
    led: flag,
    queue: z
      .array(
        z.object({
          task: text,
          plan: text,
          title: text,
          state: z.enum(['train', 'next', 'queued', 'done', 'put-back', 'landed']),
          place: count.nullable(),
          suspect: flag,
          after: texts,
          commit: maybe,
          landedAs: maybe,
          at: time,
          bounces: count,
          reason: maybe,
          held: z.object({ why: text, since: time }).nullable(),
          /** How its plan lands. */
          mode: text,
          /** A pull request that nobody follows keeps it out: what a person can do; `null`: none does. */
          remedy: maybe,
        }),
      )
      .readonly(),
    trains: z
      .array(
        z.object({
          plan: text,
          target: text,
          base: maybe,
          since: maybe,
          tasks: texts,
          cuts: z.array(z.object({ length: count, state: text, at: time })).readonly(),
          rerun: maybe,
          waiting: count,
          failureRate: z.number(),
          validationMs: z.number().nullable(),
          leftMs: z.number().nullable(),
          flakes: count,
          flaky: maybe,
        }),
      )
      .readonly(),
  })
  .meta({ id: 'Queue' });

export type Task = z.infer<typeof task>;
export type TaskStatus = z.infer<typeof taskStatus>;
export type TaskDetail = z.infer<typeof taskDetail>;
export type Attempt = z.infer<typeof attempt>;
export type Agent = z.infer<typeof agent>;
export type Event = z.infer<typeof event>;
export type Plan = z.infer<typeof plan>;
export type Queue = z.infer<typeof queue>;
