/**
 * Watching the target: everybody with a shell can move a branch, agents included.
 *
 * Owns where the line is. A branch of Orbit's own (`refs/heads/orbit/…`) holds landings and nothing else: any other commit on it passed
 * no scope and no check, so it holds the plan until a person takes it or takes it off. On a branch of the user's (`--into main`) other
 * commits are ordinary: they are part of the next candidate and are checked with it. On both, what landed must stay (I9).
 *
 * Nothing here moves the target: what looks like an attack may be a person's decision.
 */
import type { Plan } from '../../core/plan.ts';
import type { CoordinatorPorts } from '../ports.ts';
import type { LandingContext } from './step.ts';
import { allLandings, landingsIn, lastLanding, laterOf, plansOn, startOf, type Milestone } from './target-past.ts';

type Ports = Pick<CoordinatorPorts, 'repository' | 'store' | 'clock'>;

/** Why nothing may land on this tip of the plan's target, as a sentence with what to do, or `null`. */
export async function faultOfTarget(
  { ports, state }: Pick<LandingContext, 'state'> & { ports: Ports },
  plan: Plan,
  tip: string,
): Promise<string | null> {
  const { repository, store } = ports;
  const seq = await store.lastSeq();
  const start = startOf(await plansOn(store, plan.target), plan.target);
  const startAt = start?.at ?? 0;
  const seen = state.targets.get(plan.target);
  const isCurrent = seen?.startAt === startAt;
  // By the order of the log where this process has followed it: the clock may have jumped.
  const recent = isCurrent ? await landingsIn(store, { since: seen.seq, target: plan.target }) : null;
  const last: Milestone | null =
    recent === null
      ? await lastLanding(ports, plan.target)
      : (recent.landed.at(-1) ?? { commit: seen?.tip ?? tip, what: 'which was its tip' });
  if (last !== null && last.commit !== tip) {
    const must = recent === null ? last : await laterOf(repository, start, last);
    const isThere = (await repository.resolve(must.commit)) !== null;
    if (!isThere || !(await repository.isAncestor(must.commit, tip))) return wentBack(plan, must, isThere);
    if (isOwn(plan.target)) {
      const foreign = await firstForeign(ports, plan, { tip, must: must.commit, begun: recent?.begun ?? [] });
      if (foreign !== null) return foreignWords(plan, foreign);
    }
  }
  state.targets.set(plan.target, { tip, seq, startAt });
  return null;
}

/** A link would have Orbit land wherever it points just now. */
export async function symbolicFault({ repository }: Pick<Ports, 'repository'>, plan: Plan): Promise<string | null> {
  const link = await repository.symbolic(plan.target);
  // One that leads nowhere is a missing target, and is replaced.
  if (link === null || (await repository.resolve(plan.target)) === null) return null;
  return `${short(plan.target)} is a link to ${link}, and Orbit lands on branches only: git symbolic-ref --delete ${plan.target} removes the link, and Orbit goes on where it was`;
}

/** Branches below `orbit/` are made and moved by Orbit alone. */
function isOwn(target: string): boolean {
  return target.startsWith('refs/heads/orbit/');
}

interface Foreign {
  commit: string;
  /** The newest commit below it that is Orbit's. */
  below: string;
}

/** The lowest commit between `must` and the tip that is no landing. */
async function firstForeign(
  ports: Ports,
  { target }: Plan,
  { tip, must, begun }: { tip: string; must: string; begun: readonly string[] },
): Promise<Foreign | null> {
  const known = new Set([must, ...begun]);
  let isWhole = false;
  let found: string | null = null;
  for (let at: string | undefined = tip; at !== undefined; [at] = await ports.repository.parents(at)) {
    if (!known.has(at) && !isWhole) {
      for (const commit of await allLandings(ports, target)) known.add(commit);
      isWhole = true;
    }
    if (!known.has(at)) found = at;
    else if (found !== null) return { commit: found, below: at };
    if (at === must) return null;
  }
  // First parents lead past it: somebody merged the target into a history of their own.
  return { commit: found ?? tip, below: must };
}

function wentBack({ id, target }: Plan, { commit, what }: Milestone, isThere: boolean): string {
  const back = isThere ? `Put it back with git update-ref ${target} ${commit}, or take` : 'Take';
  return `${short(target)} does not hold ${commit.slice(0, 12)} any more, ${what}: it was reset or rewritten. ${back} it as it is with orbit resume ${id} --accept-target`;
}

function foreignWords({ id, target }: Plan, { commit, below }: Foreign): string {
  const name = commit.slice(0, 12);
  return `${name} on ${short(target)} is not from Orbit and nobody has checked it. Look at it with git log ${below.slice(0, 12)}..${short(target)}, then take it with orbit resume ${id} --accept-target (checks run first), or take it off with git update-ref ${target} ${below}`;
}

function short(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}
