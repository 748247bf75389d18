/**
 * The rules that always hold, as checks on a running simulation. Each is named by its id and answers what is wrong, or `null`.
 *
 * Owns the oracles. They read the log, git and the directories by themselves and share no decision with the code under test.
 */
import type { Event } from '../../src/core/event.ts';
import type { TaskKey } from '../../src/core/id.ts';
import { keyParts } from '../../src/core/id.ts';
import type { Task } from '../../src/core/task.ts';
import type { Part } from './machine.ts';
import { pathsInScope, sharedPath, target } from './scenario.ts';
import type { Simulation } from './simulation.ts';
import { isKeepingRef, snapshotOf, type Directory } from './workspaces.ts';

export type Fault = string | null;

export interface TargetMove {
  from: string;
  to: string;
  by: string;
}

export interface Invariant {
  id: string;
  /** With the rows of the feature list that it proves. */
  title: string;
  /** Before the event is folded into the history. */
  onEvent?(sim: Simulation, event: Event): Fault;
  /** Before Orbit moves the target. */
  onMove?(sim: Simulation, move: TargetMove): Fault;
  /** Before a directory goes. */
  onRemove?(sim: Simulation, directory: Directory): Fault;
  /** Before a coordinator ends a runner by force. */
  onKill?(sim: Simulation, part: Part, by: string): Fault;
  /** Every so many steps, and at the end. */
  onCompare?(sim: Simulation): Promise<Fault>;
  /** Half a minute after nothing moves any more. */
  atQuiet?(sim: Simulation): Promise<Fault>;
}

export const invariants: readonly Invariant[] = [
  { id: 'I1', title: 'D5 a task has at most one live claim', onEvent: oneLiveClaim, onCompare: oneLiveAttempt },
  { id: 'I2', title: 'P3 an old token changes nothing', onEvent: noOldToken },
  { id: 'I3', title: 'tokens only grow', onEvent: tokensGrow },
  { id: 'I4', title: 'no acknowledged event is lost, and readers miss none', atQuiet: acknowledgedIsKept },
  { id: 'I5', title: 'no event is invented', onEvent: noneInvented },
  { id: 'I6', title: 'replaying the log gives the stored state', onCompare: replayIsStored },
  {
    id: 'I7',
    title: 'P1 all commits and files that agents made stay reachable',
    onRemove: nothingIsRemovedUnkept,
    atQuiet: allWorkIsReachable,
  },
  { id: 'I8', title: 'the target moves from its tip to green trees only', onMove: targetMovesToGreenTrees },
  { id: 'I8', title: 'what lands is the work of its task, whole and alone', onMove: landsItsWorkAlone },
  { id: 'I9', title: 'the target never goes back, a task lands once', onMove: targetOnlyGrows, onEvent: landsOnce },
  { id: 'I10', title: 'B9 every task ends landed, cancelled or with a person', atQuiet: everyTaskHasAnEnd },
  { id: 'I11', title: 'attempts are bounded', onEvent: attemptsAreBounded },
  { id: 'I12', title: 'messages arrive once and in order', atQuiet: messagesAreInOrder },
  { id: 'I13', title: 'D5 live attempts never overlap in scope', onEvent: scopesDoNotOverlap },
  { id: 'I14', title: 'a task starts only when its dependencies allow', onEvent: startsOnlyWhenAllowed },
  { id: 'I15', title: 'nothing is left behind', atQuiet: nothingIsLeftBehind },
  { id: 'I16', title: 'slots and limits are kept', onEvent: slotsAreKept },
  { id: 'healthy', title: 'P3 nobody ends a runner that beats in time', onKill: onlyTheSickAreEnded },
];

function oneLiveClaim({ history }: Simulation, { task, body }: Event): Fault {
  if (body.type !== 'task-claimed' || task === null) return null;
  const claim = history.tasks.get(task)?.claim ?? null;
  return claim === null ? null : `${task} was claimed by ${body.token} while ${claim.token} holds it`;
}

async function oneLiveAttempt({ store }: Simulation): Promise<Fault> {
  const live = await store.attempts({ live: true });
  const keys = live.map(({ task }) => task);
  return new Set(keys).size === keys.length ? null : `two live attempts of one task: ${keys.join(', ')}`;
}

function noOldToken({ history }: Simulation, { task, body }: Event): Fault {
  if (task === null) return null;
  const held = history.tasks.get(task)?.claim?.token ?? null;
  const written =
    body.type === 'task-done'
      ? body.evidence.token
      : body.type === 'attempt-prepared' || body.type === 'completion-reported' || body.type === 'attempt-ended'
        ? body.token
        : held;
  return written === held ? null : `${body.type} on ${task} by ${written}, but ${held} holds it`;
}

function tokensGrow({ history }: Simulation, { body }: Event): Fault {
  if (body.type !== 'task-claimed' || body.token > history.lastToken) return null;
  return `token ${body.token} came after ${history.lastToken}`;
}

async function acknowledgedIsKept({ ledger, store, followed, history }: Simulation): Promise<Fault> {
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

function noneInvented({ ledger }: Simulation, { seq, actor, task, body }: Event): Fault {
  const call = ledger.calls.findLast(({ from, to }) => from < seq && seq <= to);
  if (call === undefined) return `nobody wrote event ${seq} (${body.type})`;
  if (call.actor !== actor) return `event ${seq} (${body.type}) is by ${actor}, written by ${call.actor}`;
  return call.task === null || call.task === task ? null : `event ${seq} concerns ${task}, the command ${call.task}`;
}

async function replayIsStored({ history, store, world }: Simulation): Promise<Fault> {
  const stored = await store.tasks({}, world.now());
  if (stored.length !== history.tasks.size) return `${stored.length} tasks stored, ${history.tasks.size} in the log`;
  for (const { task } of stored) {
    if (!isSame(task, history.tasks.get(task.key))) return `${task.key} is stored otherwise than its events say`;
  }
  for (const attempt of await store.attempts({})) {
    const { pulse: _pulse, ...facts } = attempt;
    const { pulse: _replayed, ...replayed } = history.attempts.get(attempt.token) ?? attempt;
    if (!isSame(facts, replayed)) return `attempt ${attempt.token} is stored otherwise than its events say`;
  }
  for (const { task, unmet } of stored) {
    const open = new Set(task.dependencies).values().filter((key) => !isMet(history.tasks.get(key), unblockOf(history, key)));
    const count = [...open].length;
    if (count !== unmet) return `${task.key} waits for ${count} tasks, its counter says ${unmet}`;
  }
  return null;
}

function nothingIsRemovedUnkept({ git }: Simulation, directory: Directory): Fault {
  const lost = directory.made.find((commit) => !git.isKept(commit, isKeepingRef));
  if (lost !== undefined) return `${directory.path} goes, and nothing keeps its commit ${lost}`;
  const isDirty = git.writeTree(directory.files) !== git.commit(directory.head).tree;
  return isDirty && snapshotOf(git, directory) === null ? `${directory.path} goes with files that nothing keeps` : null;
}

async function allWorkIsReachable({ git, directories, removed }: Simulation): Promise<Fault> {
  for (const directory of removed) {
    const lost = directory.made.find((commit) => !git.isKept(commit, isKeepingRef));
    if (lost !== undefined) return `commit ${lost} of ${directory.path} is reachable no more`;
  }
  for (const directory of directories.open.values()) {
    if (!git.commits.has(directory.head)) return `${directory.path} stands on a commit that is gone`;
  }
  return null;
}

function targetMovesToGreenTrees(sim: Simulation, { from, to }: TargetMove): Fault {
  const { git, history, greenTrees, scenario } = sim;
  const { tree, parents } = git.commit(to);
  if (parents[0] !== from) return `${to} does not stand on the target's tip ${from}`;
  const task = history.tasks.get(landedTask(sim, to) ?? '001/none');
  if (task === undefined) return `${to} lands no task`;
  const red = [...task.checks, ...scenario.plan.checks].find((check) => !greenTrees.has(`${tree} ${check}`));
  return red === undefined ? null : `the target moves to ${tree}, at which "${red}" was never green`;
}

function landsItsWorkAlone(sim: Simulation, { from, to }: TargetMove): Fault {
  const { git, history } = sim;
  const key = landedTask(sim, to);
  const evidence = key === null ? null : (history.tasks.get(key)?.evidence ?? null);
  if (evidence === null || evidence.commit === null) return `${to} lands ${key}, which has no proven work`;
  const [work, before, after] = [evidence.commit, from, to].map((commit) => git.filesAt(commit));
  const base = evidence.base ?? git.mergeBase(from, evidence.commit);
  if (work === undefined || before === undefined || after === undefined || base === null) return null;
  const own = git.changed(git.filesAt(base), work);
  const foreign = git.changed(before, after).find((path) => !own.includes(path));
  if (foreign !== undefined) return `${to} lands ${key} and changes ${foreign}, which that did not`;
  const lost = own.find((path) => after.get(path) !== work.get(path));
  return lost === undefined ? null : `${to} lands ${key} without its change of ${lost}`;
}

function targetOnlyGrows(sim: Simulation, { from, to }: TargetMove): Fault {
  if (!sim.git.isAncestor(from, to)) return `the target goes from ${from} to ${to}, which does not hold it`;
  const key = landedTask(sim, to);
  const before = [...sim.git.commit(from).holds].filter((id) => id !== to && landedTask(sim, id) === key);
  return before.length === 0 ? null : `${key} lands a second time`;
}

function landsOnce({ history, git }: Simulation, { task, body }: Event): Fault {
  if (body.type !== 'task-landed' || task === null) return null;
  if (history.tasks.get(task)?.landing?.state === 'landed') return `${task} lands a second time`;
  const tip = git.refs.get(target);
  if (tip === undefined || !git.isAncestor(body.landedAs, tip)) return `${task} landed as ${body.landedAs}, which is not on the target`;
  return git.commit(body.landedAs).tree === body.tree ? null : `${task} landed with another tree than its commit has`;
}

async function everyTaskHasAnEnd({ history }: Simulation): Promise<Fault> {
  for (const task of history.tasks.values()) {
    if (hasEnd(task) || history.plans.size === 0) continue;
    const behind = task.claim === null && task.dependencies.some((key) => waitsForPerson(history.tasks, key, new Set()));
    if (!behind) return `${task.key} neither landed nor cancelled nor in the inbox nor behind such: ${whereIs(task)}`;
  }
  return null;
}

function attemptsAreBounded({ history, scenario }: Simulation, { task, body }: Event): Fault {
  if (body.type !== 'task-claimed' || task === null) return null;
  const attempts = (history.tasks.get(task)?.attempts ?? 0) + 1;
  const allowed = scenario.limits.attemptsMax + (history.pardons.get(task) ?? 0);
  return attempts <= allowed ? null : `${task} is tried a ${attempts}. time, ${allowed} are allowed`;
}

async function messagesAreInOrder({ store, ledger }: Simulation): Promise<Fault> {
  const messages = await store.messages({ to: 'ada', all: true });
  const next = new Map<string, number>();
  for (const { from, order, id } of messages) {
    const expected = (next.get(from) ?? 0) + 1;
    if (order !== expected) return `message ${id} of ${from} is number ${order}, expected ${expected}`;
    next.set(from, expected);
    if (!ledger.sent.has(id)) return `nobody sent message ${id}`;
  }
  const stored = new Set(messages.map(({ id }) => id));
  if (stored.size !== messages.length) return 'a message is there twice';
  const lost = [...ledger.sent.keys()].find((id) => !stored.has(id));
  return lost === undefined ? null : `message ${lost} was acknowledged and is not there`;
}

function scopesDoNotOverlap({ history }: Simulation, { task, body }: Event): Fault {
  if (body.type !== 'task-claimed' || task === null) return null;
  const mine = new Set(pathsInScope(history.tasks.get(task)?.scope ?? []));
  mine.delete(sharedPath);
  for (const { task: other } of history.live()) {
    const met = pathsInScope(history.tasks.get(other)?.scope ?? []).find((path) => mine.has(path));
    if (met !== undefined) return `${task} starts while ${other} may write ${met} too`;
  }
  return null;
}

function startsOnlyWhenAllowed({ history, needs, paused }: Simulation, { task: key, body }: Event): Fault {
  const task = body.type === 'task-claimed' && key !== null ? history.tasks.get(key) : undefined;
  if (task === undefined) return null;
  if (task.closed !== null || task.evidence !== null) return `${key} starts although it is done or closed`;
  if (task.inbox !== null || task.hold !== null || paused) return `${key} starts although a person has it`;
  const open = needs.get(task.key)?.find((needed) => !isMet(history.tasks.get(needed), unblockOf(history, needed)));
  return open === undefined ? null : `${key} starts before ${open} is finished`;
}

async function nothingIsLeftBehind({ machine, directories, store }: Simulation): Promise<Fault> {
  const live = new Set((await store.attempts({ live: true })).map(({ token }) => token));
  const part = machine.living().find(({ token }) => !live.has(token));
  if (part !== undefined) return `the ${part.role} of attempt ${part.token}, which ended, still runs`;
  const directory = directories.open.values().find(({ token }) => !live.has(token));
  if (directory !== undefined) return `${directory.path} is still there, its attempt ended`;
  const checkout = [...directories.checkouts].find(([, { owner }]) => owner.alive);
  return checkout === undefined ? null : `${checkout[0]} is still checked out`;
}

function slotsAreKept({ history, scenario }: Simulation, { body }: Event): Fault {
  if (body.type !== 'task-claimed' || body.byHand) return null;
  const live = history.live().filter((attempt) => !attempt.byHand);
  const { parallelMax, agents } = scenario;
  if (parallelMax !== null && live.length >= parallelMax) return `attempt ${body.token} starts beside ${live.length} others, ${parallelMax} are allowed`;
  const twin = live.find(({ agent }) => agent === body.agent);
  if (twin !== undefined) return `${body.agent} starts attempt ${body.token} while it works on ${twin.token}`;
  const known = agents.some(({ name, slots }) => new RegExp(`^${name}-[1-${slots}]$`).test(body.agent));
  return known ? null : `there is no agent ${body.agent}`;
}

/** A runner that beats in time, or has yet to beat, is never killed while it has its claim, whatever the wall clock did meanwhile. */
function onlyTheSickAreEnded({ history, ledger, world, scenario }: Simulation, { role, token, process }: Part, by: string): Fault {
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

function isLanded({ landing, evidence }: Task): boolean {
  return landing?.state === 'landed' || (evidence !== null && evidence.commit === null);
}

function isMet(task: Task | undefined, unblock: 'done' | 'landed'): boolean {
  if (task === undefined) return false;
  if (task.closed !== null) return task.closed.as === 'completed';
  return isLanded(task) || (unblock === 'done' && task.evidence !== null);
}

function unblockOf({ plans }: Simulation['history'], key: TaskKey): 'done' | 'landed' {
  return plans.get(keyParts(key).plan)?.unblock ?? 'landed';
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

function landedTask({ git }: Simulation, commit: string): TaskKey | null {
  return (/^Orbit-Task: (\S+)$/m.exec(git.commit(commit).message)?.[1] ?? null) as TaskKey | null;
}

function isSame(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const [keys, others] = [Object.keys(a), Object.keys(b)];
  if (keys.length !== others.length) return false;
  return keys.every((key) => isSame((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]));
}
