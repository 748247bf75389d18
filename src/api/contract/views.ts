/**
 * What the API answers besides tasks, attempts and plans: the inbox, changes, messages, findings, times, health.
 *
 * Owns those shapes. Each is what one action answers.
 */
import { z } from 'zod';
import { agent, conflict, task } from '../contract.ts';

const text = z.string();
const maybe = text.nullable();
const count = z.int().min(0);
const texts = z.array(text).readonly();
const listOf = <Item extends z.ZodType>(item: Item): z.ZodReadonly<z.ZodArray<Item>> => z.array(item).readonly();

/** How things stand, in one look. */
export const overview = z
  .object({
    at: text,
    /** The last event that this look can have seen. */
    seq: count,
    project: text,
    version: text,
    /** Who calls, and what they may do. */
    caller: z.object({ name: text, role: z.enum(['person', 'observer', 'attempt']) }),
    /** The coordinator that leads, `null`: nobody, so that nothing is given out and nothing lands. */
    leader: z.object({ holder: text, expiresAt: text }).nullable(),
    plans: listOf(z.object({ plan: text, title: text, total: count, landed: count, paused: z.boolean() })),
    counts: z.record(text, count),
    agents: count,
    needsYou: count,
    /** Money that live and ended attempts cost, as agents reported it. */
    costUsd: z.number(),
  })
  .meta({ id: 'Overview' });

export const waitingWork = z
  .object({
    task: text,
    key: text,
    plan: text,
    title: text,
    agent: text,
    since: text,
    reason: text,
    commit: text,
    tree: text,
    base: maybe,
    commits: count,
    files: listOf(z.object({ path: text, kind: text })),
    linesAdded: count,
    linesRemoved: count,
    scope: texts,
    widened: texts,
    checks: texts,
    risks: listOf(z.object({ path: text, kind: text, reason: text, weight: z.number() })),
  })
  .meta({ id: 'WaitingWork' });

const lastTry = z.object({ token: count, agent: text, outcome: maybe, reason: text, rule: maybe, evidence: texts });

/** Something that only a person can settle. */
export const inboxItem = z
  .object({
    /** The same for the same thing as long as it stays open. */
    id: text,
    kind: z.enum([
      'question',
      'approval',
      'plan',
      'scope',
      'conflict',
      'stuck',
      'failed',
      'budget',
      'quota',
      'login',
      'held',
      'refused',
      'dependency',
      'message',
    ]),
    title: text,
    /** What is asked, or what happened. */
    reason: text,
    plan: maybe,
    task: maybe,
    token: count.nullable(),
    agent: maybe,
    since: text,
    /** Tasks that wait for it, directly or behind others. */
    blocks: count,
    /** Larger first: what it blocks, its age, its risk. */
    rank: z.number(),
    /** Verbs that settle it, the likeliest first. */
    actions: listOf(
      z.enum(['answer', 'approve', 'reject', 'retry', 'cancel', 'close', 'release', 'grant', 'deny', 'resume', 'ack']),
    ),
    helps: texts,
    tries: listOf(lastTry),
    work: waitingWork.nullable(),
  })
  .meta({ id: 'InboxItem' });

export const inbox = z.object({ at: text, items: listOf(inboxItem) }).meta({ id: 'Inbox' });

/** What a task's work changes, read from git's objects alone. */
export const change = z
  .object({
    task: text,
    plan: text,
    base: maybe,
    commit: maybe,
    tree: maybe,
    /** Proven work, or the last that an attempt left. */
    proven: z.boolean(),
    subjects: texts,
    linesAdded: count,
    linesRemoved: count,
    files: listOf(
      z.object({
        path: text,
        kind: text,
        /** Whether it lies in the task's scope. */
        inScope: z.boolean(),
        risks: texts,
        /** As `git diff` prints it; `null`: no text, or too large to show. */
        patch: maybe,
      }),
    ),
    /** Files beyond these are not listed. */
    more: count,
  })
  .meta({ id: 'Change' });

/** An entry of an agent's own stream. */
export const entry = z
  .object({ at: text.nullable(), kind: text, text: text, line: count })
  .meta({ id: 'TranscriptEntry' });

export const transcript = z
  .object({
    token: count,
    /** Of the file: give it back as `from` to read on. */
    next: count,
    /** More was there than was asked for. */
    more: z.boolean(),
    live: z.boolean(),
    entries: listOf(entry),
  })
  .meta({ id: 'Transcript' });

export const message = z
  .object({
    id: text,
    from: text,
    to: text,
    order: count,
    task: maybe,
    text: text,
    at: text,
    acknowledgedAt: maybe,
  })
  .meta({ id: 'Message' });

export const finding = z
  .object({
    id: text,
    kind: z.enum(['decision', 'interface', 'gotcha', 'failed-approach', 'claim']),
    title: text,
    text: text,
    paths: texts,
    author: text,
    task: maybe,
    commit: maybe,
    at: text,
  })
  .meta({ id: 'Finding' });

/** Who may write what now, who wishes for more, and where work in flight will meet. */
export const reservations = z
  .object({
    at: text,
    held: listOf(
      z.object({ task: text, plan: text, title: text, agent: text, token: count, scope: texts, since: text }),
    ),
    wishes: listOf(
      z.object({ task: text, plan: text, agent: text, entries: texts, why: text, since: text, holder: maybe }),
    ),
    conflicts: listOf(conflict),
  })
  .meta({ id: 'Reservations' });

export const timeLine = z
  .object({
    plan: text,
    from: maybe,
    to: maybe,
    at: text,
    tasks: listOf(
      z.object({
        task: text,
        title: text,
        onChain: z.boolean(),
        doneAt: maybe,
        landedAt: maybe,
        attempts: listOf(z.object({ token: count, agent: text, from: text, to: text, outcome: maybe })),
      }),
    ),
    chain: listOf(z.looseObject({ task: text })),
    lost: z.record(text, z.number()),
    advice: texts,
  })
  .meta({ id: 'TimeLine' });

/** How attempts went by adapter, model and rung (C14), what tasks cost, what hints did. */
export const outcomes = z
  .looseObject({
    outcomes: listOf(
      z.object({
        adapter: maybe,
        model: maybe,
        rung: text,
        attempts: count,
        done: count,
        failed: count,
        handedOver: count,
        other: count,
        running: count,
        costUsd: z.number(),
        tokens: count,
        minutes: z.number(),
      }),
    ),
    tasks: listOf(z.object({ task: text, attempts: count, failed: count, costUsd: z.number(), minutes: z.number() })),
    hints: listOf(z.object({ rule: text, hints: count, unsupported: count, progress: count, success: count })),
    ended: listOf(z.object({ rule: text, attempts: count })),
  })
  .meta({ id: 'Outcomes' });

/** Facts about the machine and Orbit on it; `ok` null: unknown. */
export const health = z
  .object({
    at: text,
    facts: listOf(z.object({ name: text, ok: z.boolean().nullable(), text: text, hint: text })),
  })
  .meta({ id: 'Health' });

/**
 * How agents look, pushed while they work; not part of the log. Titles and what processes use are not in it: those are asked for.
 */
export const pulse = z
  .object({
    at: text,
    agents: listOf(agent.omit({ title: true, cpuMs: true, memoryMb: true, processes: true })),
  })
  .meta({ id: 'Pulse' });

export const steered = z.looseObject({ task: text, plan: text, status: task.shape.status }).meta({ id: 'Steered' });

/** RFC 9457, with the codes of the list of errors. */
export const problem = z
  .object({
    type: text,
    title: text,
    status: count,
    code: text,
    detail: text,
    hint: text,
    /** What is wrong with the request, by field. */
    faults: listOf(z.object({ field: text, message: text })).optional(),
  })
  .meta({ id: 'Problem' });
