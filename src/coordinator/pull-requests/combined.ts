/**
 * One pull request for a whole plan: its target's branch, every task listed with what proves it.
 *
 * Opening it needs no approval, for it is the question itself; its merge is people's, unless they said otherwise beforehand
 * (`autoMergeOnComplete`). Level-triggered: found by branch and marker, brought up to date, never opened twice.
 */
import type { Plan } from '../../core/plan.ts';
import { planBody, planMarker, planTitleText } from '../../core/pull-request-text.ts';
import { planBranch } from '../../core/pull-request.ts';
import type { PullRequest } from '../../forge/forge.ts';
import { OperationalError } from '../../platform/error.ts';
import { stillLeads } from '../lead.ts';
import type { LandingContext } from '../landing/step.ts';
import type { ForgeAccess } from './access.ts';
import type { CheckStarts } from './check-starts.ts';
import { fetchTrunk } from './trunk.ts';

/** What was said about a plan; `over` false: it waits for what moves by itself. */
export interface Finished {
  said: string | null;
  over: boolean;
}

interface Work {
  plan: Plan;
  access: ForgeAccess;
  branch: string;
  /** The target's tip: all that landed. */
  tip: string;
}

export async function combine(context: LandingContext, plan: Plan, starts: CheckStarts): Promise<Finished> {
  const { repository } = context.ports;
  const tip = await repository.resolve(plan.target);
  if (tip === null || context.ports.forge === undefined) return { said: null, over: true };
  const access = await context.ports.forge();
  const { remote, trunk } = access;
  const branch = planBranch(plan.id);
  const tips = await remote.tips([trunk, branch]);
  const onto = await fetchTrunk(context, access, tips.get(trunk));
  if (await isIn(context, tip, onto)) return { said: `${trunk} on the forge has all of plan ${plan.id}`, over: true };
  if (!(await stillLeads(context.ports, context.settings, context.state))) return { said: null, over: false };
  const foreign = await firstForeign(context, { tip, onto });
  if (foreign !== null) {
    const said = `${foreign.slice(0, 12)} on ${plan.target} is not from Orbit, so nobody has checked it: nothing is pushed; look at it`;
    return { said, over: true };
  }
  const work = { plan, access, branch, tip };
  const inTheWay = await push(context, work, tips.get(branch) ?? null);
  if (inTheWay !== null) return { said: inTheWay, over: true };
  const pull = await openOrUpdate(context, work);
  const shown = `pull request #${pull.number} for plan ${plan.id}${pull.url === '' ? '' : `: ${pull.url}`}`;
  if (pull.state === 'closed') return { said: `${shown} was closed without being merged`, over: true };
  if (!context.settings.mergeOnComplete) return { said: shown, over: true };
  return mergeWhenGreen(starts, work, { pull, shown });
}

/** The newest commit of the target that neither landed nor is the user's or the forge's: somebody else put it there. */
async function firstForeign(
  { ports: { repository, store, clock } }: LandingContext,
  { tip, onto }: { tip: string; onto: string },
): Promise<string | null> {
  const records = await store.tasks({ status: ['landed'] }, clock.now());
  const landed = new Set(records.map(({ task }) => task.landing?.landedAs));
  const head = await repository.resolve('HEAD');
  for (let at: string | undefined = tip; at !== undefined; [at] = await repository.parents(at)) {
    if (landed.has(at)) continue;
    if (await repository.isAncestor(at, onto)) return null;
    return head !== null && (await repository.isAncestor(at, head)) ? null : at;
  }
  return null;
}

/** A squash or rebase on the forge leaves no ancestry; then merging what landed adds nothing. */
async function isIn({ ports: { repository } }: LandingContext, tip: string, onto: string): Promise<boolean> {
  if (await repository.isAncestor(tip, onto)) return true;
  const merge = await repository.merge(onto, tip);
  return merge.clean && merge.tree === (await repository.tree(onto));
}

/** Why the branch cannot be brought up to date, or `null` when a look shows that it is. */
async function push(
  { ports: { repository } }: LandingContext,
  { access: { remote }, branch, tip }: Work,
  from: string | null,
): Promise<string | null> {
  if (from === tip) return null;
  const isOurs =
    from === null || ((await repository.resolve(from)) !== null && (await repository.isAncestor(from, tip)));
  if (!isOurs)
    return `${branch} on the forge has ${from.slice(0, 12)}, which is not from here: merge or remove that by hand`;
  try {
    await remote.push({ branch, commit: tip, from });
  } catch (error) {
    if (!(error instanceof OperationalError) || (await remote.tips([branch])).get(branch) !== tip) throw error;
  }
  const now = (await remote.tips([branch])).get(branch);
  return now === tip ? null : `the forge did not take ${branch}: is it protected?`;
}

async function openOrUpdate(context: LandingContext, { plan, access, branch, tip }: Work): Promise<PullRequest> {
  const { store, clock } = context.ports;
  const { forge, trunk } = access;
  const marker = planMarker(plan.id);
  const tasks = (await store.tasks({ plan: plan.id, status: ['landed'] }, clock.now())).map(({ task }) => task);
  const wanted = { title: planTitleText(plan), body: planBody(plan, tasks) };
  const found = await forge.find({ head: branch, marker });
  // What people closed with exactly this in it stays closed.
  if (found !== null && found.state !== 'open' && found.commit === tip) return found;
  if (found === null || found.state !== 'open') return forge.open({ head: branch, base: trunk, marker, ...wanted });
  const isSame = found.title === wanted.title && found.body.trim() === wanted.body.trim();
  return isSame ? found : forge.update(found.number, wanted);
}

async function mergeWhenGreen(
  starts: CheckStarts,
  { plan, access: { forge }, tip }: Work,
  { pull, shown }: { pull: PullRequest; shown: string },
): Promise<Finished> {
  if (pull.state === 'merged')
    return { said: `${shown} is said to be merged; its branch does not show it yet`, over: false };
  const { state: reported, failed, unseen = false } = await forge.checks(tip);
  if (unseen) return { said: `${shown} is not merged: the token may not read its checks`, over: true };
  const state = starts.settle(tip, reported);
  if (state === 'red')
    return { said: `${shown} is not merged: ${failed.map(({ name }) => name).join(', ')} failed`, over: true };
  if (state === 'pending') return { said: `${shown} waits for its checks`, over: false };
  const { merged, why } = await forge.merge(pull.number, { commit: tip, title: `Merge ${planTitleText(plan)}` });
  // Whether it really is, the next look at the trunk tells.
  return merged ? { said: null, over: false } : { said: `${shown} is not merged: ${why}`, over: true };
}
