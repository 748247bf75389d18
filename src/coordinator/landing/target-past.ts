/**
 * What a target has to hold by what the store knows: where it began, and what landed on it since.
 *
 * Owns the reading of that past. Several plans may land on one target; theirs is one past. The clock may have jumped, so that the newest
 * landing by date is only a good guess: whoever asks must not call a target wrong because of one that is older than thought.
 */
import { keyParts, type TaskKey } from '../../core/id.ts';
import { landsOn } from '../../core/layer-branch.ts';
import type { Plan, TargetStart } from '../../core/plan.ts';
import type { Task } from '../../core/task.ts';
import type { Store } from '../../store/store.ts';
import type { CoordinatorPorts } from '../ports.ts';

type Ports = Pick<CoordinatorPorts, 'repository' | 'store' | 'clock'>;

/** A commit that the target must hold, and what it is, as words for a person. */
export interface Milestone {
  commit: string;
  what: string;
}

export async function plansOn(store: Pick<Store, 'plans'>, target: string): Promise<Plan[]> {
  return (await store.plans()).filter((plan) => landsOn(plan, target));
}

/** The start that counts: what a person accepted last, else what was found first. */
export function startOf(plans: readonly Plan[], target: string): TargetStart | null {
  const starts = plans.flatMap(({ start }) => (start?.target === target ? [start] : []));
  return starts.toSorted((a, b) => Number(b.accepted) - Number(a.accepted) || b.at - a.at)[0] ?? null;
}

/** The last landing since the target's start, else the start; `null` for a target that was never used. */
export async function lastLanding(ports: Ports, target: string): Promise<Milestone | null> {
  const { repository } = ports;
  const plans = await plansOn(ports.store, target);
  const start = startOf(plans, target);
  const last = await newest(repository, await tasksOn(ports, plans, 'landed'), start?.at ?? 0);
  if (last !== null) return laterOf(repository, start, { commit: last.commit, what: landedWords(last.task) });
  return start === null ? null : milestoneOf(start);
}

/**
 * The landing or, where that is no later, the start: a person accepted a target without it, or with more on top of it, and only the
 * clock or a landing that was noted late says otherwise.
 */
export async function laterOf(
  repository: Ports['repository'],
  start: TargetStart | null,
  landed: Milestone,
): Promise<Milestone> {
  if (start === null || (await repository.resolve(landed.commit)) === null) return landed;
  if ((await repository.resolve(start.commit)) === null) return landed;
  return (await repository.isAncestor(start.commit, landed.commit)) ? landed : milestoneOf(start);
}

async function newest(
  repository: Ports['repository'],
  tasks: readonly Task[],
  since: number,
): Promise<{ commit: string; task: string } | null> {
  const last = { commit: '', task: '', at: since };
  for (const { id, landing } of tasks) {
    const { landedAs = null, landedAt = null } = landing ?? {};
    if (landedAs === null || landedAt === null || landedAt < last.at) continue;
    // Two in the same millisecond: the later one stands on the other.
    const isTie = last.commit !== '' && last.at === landedAt;
    if (isTie && (await repository.isAncestor(landedAs, last.commit))) continue;
    Object.assign(last, { commit: landedAs, task: id, at: landedAt });
  }
  return last.commit === '' ? null : last;
}

function milestoneOf({ commit, accepted }: TargetStart): Milestone {
  return { commit, what: accepted ? 'which was accepted as its tip' : 'where Orbit found it at first' };
}

/** Every commit that Orbit moved the target to or was about to, and those that people accepted. */
export async function allLandings(ports: Ports, target: string): Promise<Set<string>> {
  const plans = await plansOn(ports.store, target);
  const known = new Set(plans.flatMap(({ start }) => start?.commit ?? []));
  for (const { landing } of await tasksOn(ports, plans, 'landed')) known.add(landing?.landedAs ?? '');
  for (const task of await tasksOn(ports, plans, 'landing')) {
    if ((task.landing?.begunAt ?? null) === null) continue;
    // The target may have moved already, and the store was not told yet.
    for (const commit of (await landingsIn(ports.store, { since: 0, target, task: task.key })).begun) known.add(commit);
  }
  return known;
}

/** Landings by the events asked for, oldest first. */
export interface Landings {
  /** Commits that a target was about to be moved to. */
  begun: string[];
  /** Commits by which tasks landed on this one. */
  landed: Milestone[];
}

export async function landingsIn(
  store: Pick<Store, 'events'>,
  { since, target, task }: { since: number; target: string; task?: Task['key'] },
): Promise<Landings> {
  const found: Landings = { begun: [], landed: [] };
  for (let last = since; ;) {
    const events = await store.events({ since: last, limit: pageLength, ...(task === undefined ? {} : { task }) });
    for (const { seq, body, task: key } of events) {
      last = seq;
      if (body.type === 'landing-begun' && body.candidate !== null) found.begun.push(body.candidate);
      if (body.type === 'task-landed' && body.target === target)
        found.landed.push({ commit: body.landedAs, what: landedWords(keyParts(key as TaskKey).task) });
    }
    if (events.length < pageLength) return found;
  }
}

function landedWords(task: string): string {
  return `by which ${task} landed`;
}

const pageLength = 1_000;

async function tasksOn(
  { store, clock }: Pick<Ports, 'store' | 'clock'>,
  plans: readonly Plan[],
  status: 'landed' | 'landing',
): Promise<Task[]> {
  const now = clock.now();
  const found = await Promise.all(plans.map(async ({ id }) => store.tasks({ plan: id, status: [status] }, now)));
  return found.flat().map(({ task }) => task);
}
