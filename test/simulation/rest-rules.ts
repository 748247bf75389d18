/** Invariants of the whole: the store against its log, and how a run comes to rest. */
import type { TaskKey } from '../../src/core/id.ts';
import { evolveAccount, type Account } from '../../src/core/quota.ts';
import type { Task } from '../../src/core/task.ts';
import type { Part } from './machine.ts';
import { isLanded, isMet, unblockOf, type Fault } from './rule.ts';
import type { Simulation } from './simulation.ts';

export async function acknowledgedIsKept({ ledger, store, followed, history }: Simulation): Promise<Fault> {
  const events = await store.events({ since: 0 });
  for (const [seq, hash] of ledger.acknowledged) {
    if (events[seq - 1]?.hash !== hash) return `event ${seq} was acknowledged and is not in the log as it was`;
  }
  const gap = events.findIndex(({ seq }, index) => seq !== index + 1);
  if (gap >= 0) return `the log has a gap before its ${gap + 1}. event`;
  const missed = followed.findIndex((seen, index) => seen !== events[index]?.hash);
  if (missed >= 0) return `a reader that follows the log missed event ${missed + 1}`;
  if (history.events.length !== events.length) return 'the log is not as long as what was seen of it';
  const broken = await store.verifyLog();
  return broken === null ? null : `the hash chain breaks at event ${broken}`;
}

export async function replayIsStored({ history, store, world }: Simulation): Promise<Fault> {
  const stored = await store.tasks({}, world.now());
  if (stored.length !== history.tasks.size) return `${stored.length} tasks stored, ${history.tasks.size} in the log`;
  for (const { task } of stored) {
    if (!isSame(task, history.tasks.get(task.key))) return `${task.key} is stored otherwise than its events say`;
  }
  const accounts = new Map<string, Account>();
  for (const { at, body } of history.events) {
    if (body.type !== 'account-parked' && body.type !== 'account-unparked') continue;
    const after = evolveAccount(accounts.get(body.account) ?? null, body, at);
    if (after !== null) accounts.set(body.account, after);
  }
  for (const account of await store.accounts()) {
    if (!isSame(account, accounts.get(account.account))) return `account ${account.account} is stored otherwise`;
  }
  const seen = new Set<string>();
  for (const { task, body } of history.events) {
    if (body.type === 'conflict-seen') seen.add(`${task} ${body.other ?? ''}`);
    if (body.type === 'conflict-gone') seen.delete(`${task} ${body.other ?? ''}`);
  }
  const present = (await store.conflicts()).map(({ task, other }) => `${task} ${other ?? ''}`);
  if (!isSame([...seen].sort(), present.sort())) return `conflicts are stored otherwise than their events say`;
  for (const attempt of await store.attempts({})) {
    const { pulse: _pulse, ...facts } = attempt;
    const { pulse: _replayed, ...replayed } = history.attempts.get(attempt.token) ?? attempt;
    if (!isSame(facts, replayed)) return `attempt ${attempt.token} is stored otherwise than its events say`;
  }
  for (const { task, unmet } of stored) {
    const open = new Set(task.dependencies)
      .values()
      .filter((key) => !isMet(history.tasks.get(key), unblockOf(history, key)));
    const count = [...open].length;
    if (count !== unmet) return `${task.key} waits for ${count} tasks, its counter says ${unmet}`;
  }
  return null;
}

export async function everyTaskHasAnEnd({ history }: Simulation): Promise<Fault> {
  for (const task of history.tasks.values()) {
    if (hasEnd(task) || history.plans.size === 0) continue;
    const behind =
      task.claim === null && task.dependencies.some((key) => waitsForPerson(history.tasks, key, new Set()));
    if (!behind) return `${task.key} neither landed nor cancelled nor in the inbox nor behind such: ${whereIs(task)}`;
  }
  return null;
}

export async function messagesAreInOrder({ store, ledger }: Simulation): Promise<Fault> {
  const recipients = new Set(['ada', ...ledger.sent.values().map(({ to }) => to)]);
  const messages = [];
  for (const to of recipients) messages.push(...(await store.messages({ to, all: true })));
  const next = new Map<string, number>();
  for (const { from, to, order, id } of messages) {
    const expected = (next.get(`${from} ${to}`) ?? 0) + 1;
    if (order !== expected) return `message ${id} of ${from} to ${to} is number ${order}, expected ${expected}`;
    next.set(`${from} ${to}`, expected);
    if (!ledger.sent.has(id)) return `nobody sent message ${id}`;
  }
  const stored = new Set(messages.map(({ id }) => id));
  if (stored.size !== messages.length) return 'a message is there twice';
  const lost = [...ledger.sent.keys()].find((id) => !stored.has(id));
  return lost === undefined ? null : `message ${lost} was acknowledged and is not there`;
}

export async function nothingIsLeftBehind({ machine, directories, store, checkout: held }: Simulation): Promise<Fault> {
  const live = new Set((await store.attempts({ live: true })).map(({ token }) => token));
  const part = machine.living().find(({ token }) => !live.has(token));
  if (part !== undefined) return `the ${part.role} of attempt ${part.token}, which ended, still runs`;
  const directory = directories.open.values().find(({ token }) => !live.has(token));
  if (directory !== undefined) return `${directory.path} is still there, its attempt ended`;
  if (held.holder !== null) return `the user's checkout is still held for ${held.holder.move.to}`;
  const checkout = [...directories.checkouts].find(([, { owner }]) => owner.alive);
  return checkout === undefined ? null : `${checkout[0]} is still checked out`;
}

/** A runner that beats in time, or has yet to beat, is never killed while it has its claim, whatever the wall clock did meanwhile. */
export function onlyTheSickAreEnded(
  { history, ledger, world, scenario }: Simulation,
  { role, token, process }: Part,
  by: string,
): Fault {
  if (role !== 'runner' || process.stopped || history.attempts.get(token)?.endedAt !== null) return null;
  const leaseMs = scenario.limits.heartbeatTimeoutMs;
  const beats = ledger.beats.get(token);
  // A second one that has only just been started ends with the first, or finds the seat taken.
  if (beats !== undefined && beats.pid !== process.pid) return null;
  const claimMs = ledger.claims.get(token) ?? 0;
  const silentMs = world.timeMs - (beats?.atMs ?? claimMs);
  if (silentMs >= leaseMs) return null;
  // One that was silent for a whole lease and beats again this moment was lost when it was looked at; and before its first
  // beat a second look of who leads no longer may come too late to see that another was started.
  const wasWell = beats === undefined ? ledger.leader === by : beats.atMs - beats.beforeMs < leaseMs;
  return wasWell ? `the runner of attempt ${token} is ended ${silentMs} ms after its beat or claim` : null;
}

function hasEnd(task: Task): boolean {
  return task.closed !== null || task.inbox !== null || isLanded(task);
}

/** Whether a person has this task, or one that it waits for. A cancelled one is nobody's any more. */
function waitsForPerson(tasks: ReadonlyMap<TaskKey, Task>, key: TaskKey, seen: Set<TaskKey>): boolean {
  const task = tasks.get(key);
  if (task === undefined || seen.has(key)) return false;
  seen.add(key);
  if (task.inbox !== null && task.closed === null) return true;
  if (task.closed !== null || isLanded(task)) return false;
  return task.dependencies.some((needed) => waitsForPerson(tasks, needed, seen));
}

function whereIs({ claim, hold, evidence, landing, retryAt, dependencies }: Task): string {
  return JSON.stringify({ claim, hold: hold?.why, evidence: evidence?.token, landing, retryAt, dependencies });
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  if (keys.length !== others.length) return false;
  return keys.every((key) => isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
