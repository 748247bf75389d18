/**
 * The real store with a witness in front of it: which call wrote which events, who was told what, and what old tokens did.
 *
 * Owns the ledger that I2, I4, I5 and I12 are checked against. It changes nothing.
 */
import type { Pulse } from '../../src/core/attempt.ts';
import type { TaskCommand } from '../../src/core/command.ts';
import type { TaskKey } from '../../src/core/id.ts';
import { isRejection } from '../../src/core/rejection.ts';
import type { Claimed, Execution, Store } from '../../src/store/store.ts';
import type { History } from './history.ts';
import { wrapMethods } from './wrap-methods.ts';

export interface Call {
  verb: string;
  actor: string;
  task: TaskKey | null;
  /** Numbers of the events it wrote: after `from`, up to `to`. */
  from: number;
  to: number;
}

export interface Ledger {
  calls: Call[];
  /** Events whose writers were told so: number → hash. */
  acknowledged: Map<number, string>;
  /** Messages whose senders were told so. */
  sent: Map<string, { from: string; to: string }>;
  /** Writes with a token that no longer held its task. */
  lateWrites: number;
  lateBeats: number;
  /** Who leads, as far as the store said so. */
  leader: string;
  /** When each token was given out, on the world's clock. */
  claims: Map<number, number>;
  /** Last confirmed beats by token, on the world's clock; `beforeMs` is the one before the last, or the claim. */
  beats: Map<number, { pid: number | null; atMs: number; beforeMs: number }>;
}

/** Of a run that has not begun. */
export function emptyLedger(): Ledger {
  return {
    calls: [],
    acknowledged: new Map(),
    sent: new Map(),
    lateWrites: 0,
    lateBeats: 0,
    leader: '',
    claims: new Map(),
    beats: new Map(),
  };
}

export interface Witness {
  history: History;
  ledger: Ledger;
  world: { timeMs: number; now(): number };
  reach(landmark: string): void;
  fail(invariant: string, message: string): void;
}

const changing = new Set([
  'applyPlan',
  'pausePlan',
  'startTarget',
  'claim',
  'execute',
  'record',
  'send',
  'note',
  'beat',
  'lead',
  'resign',
  'saveVerdict',
  'saveTrain',
  'acknowledge',
  'parkAccount',
  'unparkAccount',
  'setScores',
  'noteConflicts',
]);

/** @param store the store under test, wrapped for a mutant or not. */
export function recordedStore(store: Store, witness: Witness): Store {
  return wrapMethods(store, (verb, method) =>
    changing.has(verb) ? (...args) => record({ store, witness, verb }, args, method) : method,
  );
}

interface At {
  store: Store;
  witness: Witness;
  verb: string;
}

async function record(at: At, args: unknown[], bound: (...args: unknown[]) => Promise<unknown>): Promise<unknown> {
  const { store, witness, verb } = at;
  const { ledger } = witness;
  const from = await store.lastSeq();
  const late = await lateToken(at, args);
  const answer = await bound(...args);
  const to = await store.lastSeq();
  if (to > from) ledger.calls.push({ verb, from, to, actor: actorOf(verb, args), task: taskOf(verb, args, answer) });
  // Told only after the caller's own fault layer let the answer through would be stricter than what is promised here:
  // whatever the store answered is acknowledged.
  if (to > from)
    for (const event of await store.events({ since: from }))
      if (event.seq <= to) ledger.acknowledged.set(event.seq, event.hash);
  const { timeMs } = witness.world;
  if (verb === 'claim' && !isRejection(answer)) ledger.claims.set((answer as Claimed).token, timeMs);
  if (verb === 'lead' && answer !== null) ledger.leader = args[0] as string;
  if (verb === 'beat' && answer === true) noteBeat(witness, args as [number, Pulse]);
  if (verb === 'send') {
    const { id, from: sender, to: receiver } = args[0] as { id: string; from: string; to: string };
    ledger.sent.set(id, { from: sender, to: receiver });
  }
  if (verb === 'execute' || verb === 'claim') noteAnswer(witness, args[1], answer);
  if (late !== null) await checkLate(at, late, answer);
  return answer;
}

/** A lease counts from when its beat was sent, which may be a while ago. */
function noteBeat({ ledger, world }: Witness, [token, { runner, at }]: [number, Pulse]): void {
  const { beats, claims } = ledger;
  const atMs = world.timeMs - Math.max(0, world.now() - at);
  const beforeMs = beats.get(token)?.atMs ?? claims.get(token) ?? atMs;
  beats.set(token, { pid: runner?.pid ?? null, atMs, beforeMs });
}

function noteAnswer(witness: Witness, command: unknown, answer: unknown): void {
  if (!isRejection(answer)) return;
  const { type } = command as { type?: string };
  const reach = (landmark: string): void => witness.reach(landmark);
  if (answer.code === 'not-leading') reach('change by a coordinator that leads no longer refused');
  if (answer.code === 'landing-begun' && type !== 'change')
    reach('a person could not take a task back while it landed');
  if (answer.code === 'task-edited') reach('edited while it was validated, and validated anew');
  if (answer.code === 'already-done' && type === 'prove') reach('commit unknown: the repeated proof was known');
  if (answer.code === 'already-done' && type === 'land') reach('commit unknown: the repeated landing was known');
}

interface Late {
  token: number;
  key: TaskKey | null;
  /** The rows as they were. */
  before: unknown;
  seq: number;
}

/** Whether this is a write by an attempt that no longer holds its task. */
async function lateToken({ store, witness, verb }: At, args: unknown[]): Promise<Late | null> {
  const seq = await store.lastSeq();
  if (verb === 'beat') {
    const [token] = args as [number, Pulse];
    const attempt = await store.attempt(token);
    return attempt === null || attempt.endedAt === null ? null : { token, key: null, before: attempt, seq };
  }
  if (verb !== 'execute') return null;
  const [key, command] = args as [TaskKey, TaskCommand, Execution];
  if (!('token' in command) || command.token === null) return null;
  const claim = witness.history.tasks.get(key)?.claim ?? null;
  if (claim?.token === command.token) return null;
  return { token: command.token, key, before: (await store.task(key))?.task, seq };
}

async function checkLate({ store, witness, verb }: At, late: Late, answer: unknown): Promise<void> {
  const { token, key, before, seq } = late;
  const { ledger } = witness;
  if (verb === 'beat') ledger.lateBeats += 1;
  else ledger.lateWrites += 1;
  const after = key === null ? await store.attempt(token) : (await store.task(key))?.task;
  const events = await store.events({ since: seq });
  const said = verb === 'beat' ? answer === false : isRejection(answer);
  const isQuiet = events.every((event) => event.body.type === 'late-result-kept');
  if (!said) witness.fail('I2', `${verb} by attempt ${token}, which lost its claim, was accepted`);
  if (!isQuiet)
    witness.fail(
      'I2',
      `${verb} by attempt ${token}, which lost its claim, wrote ${events.map((event) => event.body.type).join(', ')}`,
    );
  if (JSON.stringify(before) !== JSON.stringify(after))
    witness.fail('I2', `${verb} by attempt ${token}, which lost its claim, changed its rows`);
}

function actorOf(verb: string, args: unknown[]): string {
  switch (verb) {
    case 'execute':
      return (args[2] as Execution).actor;
    case 'noteConflicts':
      return (args[1] as Execution).actor;
    case 'startTarget':
    case 'pausePlan':
      return String(args[2]);
    case 'acknowledge':
      return String(args[0]);
    case 'send':
      return (args[0] as { from: string }).from;
    case 'note':
      return (args[0] as { author: string }).author;
    default:
      return String(args[1]);
  }
}

function taskOf(verb: string, args: unknown[], answer: unknown): TaskKey | null {
  if (verb === 'execute') return args[0] as TaskKey;
  if (verb === 'claim') return (answer as { task?: { key: TaskKey } }).task?.key ?? null;
  return verb === 'send' || verb === 'note' ? (args[0] as { task: TaskKey | null }).task : null;
}
