/**
 * Performs one step about one task's pull request.
 *
 * Owns the effects and their order: intent in the store, then an effect that is harmless to repeat, then its outcome as a new look
 * shows it. Before everything that others can see the leadership is asked for again.
 */
import { isRejection } from '../../core/rejection.ts';
import type { TaskCommand } from '../../core/command.ts';
import type { Plan } from '../../core/plan.ts';
import { nextPullRequestStep, pullRequestStatus, type PullRequestStep } from '../../core/pull-request.ts';
import { taskBody, taskMarker, taskTitle } from '../../core/pull-request-text.ts';
import type { Task } from '../../core/task.ts';
import { OperationalError } from '../../platform/error.ts';
import { checkCommit } from '../check-commit.ts';
import { bounce } from '../landing/bounce.ts';
import { park } from '../landing/park.ts';
import { epochOf, stillLeads } from '../lead.ts';
import type { LandingContext } from '../landing/step.ts';
import { lookAt, type Scene, type Seen, type Subject } from './look.ts';
import { sendBackReason } from './send-back.ts';

/** `again`: look anew at once; `over`: nothing more about this task for now; `waits`: for itself, or for people. */
export type Followed =
  | { outcome: 'again' | 'over' }
  | { outcome: 'doubt'; why: string }
  | { outcome: 'waits'; by: 'itself' | 'people'; why: string };

interface At {
  plan: Plan;
  scene: Scene;
  subject: Subject;
}

export async function follow(context: LandingContext, at: At): Promise<Followed> {
  const seen = await lookAt(context, at.scene, at.subject);
  const step = nextPullRequestStep(seen.facts);
  const { task } = at.subject;
  // What a person keeps back goes no further; what they merged all the same has landed.
  if (task.hold !== null && step.do !== 'land')
    return { outcome: 'waits', by: 'people', why: `held: ${task.hold.why}` };
  if (task.inbox !== null && step.do !== 'land') return { outcome: 'over' };
  if (step.do === 'land') return land(context, at, seen);
  if (
    step.do !== 'wait' &&
    step.do !== 'doubt' &&
    !(await stillLeads(context.ports, context.settings, context.state))
  ) {
    return { outcome: 'over' };
  }
  await noteStatus(context, task, seen);
  return perform(context, at, { seen, step });
}

async function perform(
  context: LandingContext,
  at: At,
  { seen, step }: { seen: Seen; step: Exclude<PullRequestStep, { do: 'land' }> },
): Promise<Followed> {
  const { forge } = at.scene.access;
  const number = seen.pull?.number ?? 0;
  switch (step.do) {
    case 'push':
      return push(context, at, step);
    case 'open':
      return open(context, at, step.base);
    case 'retarget':
      await forge.update(number, { base: step.base });
      return { outcome: 'again' };
    case 'merge':
      return merge(at, { number, commit: step.commit });
    case 'send-back':
      return sendBack(context, at, { seen, step });
    case 'ask':
      return ask(context, at.subject.task, step.reason);
    case 'reject':
      return reject(context, at.subject.task, step.reason);
    case 'doubt':
      return { outcome: 'doubt', why: step.reason };
    case 'wait':
      return {
        outcome: 'waits',
        by: step.by,
        why: seen.pull === null ? step.reason : `${step.reason} ${seen.pull.url}`.trim(),
      };
  }
}

async function push(
  context: LandingContext,
  { plan, scene, subject }: At,
  { commit, from }: { commit: string; from: string | null },
): Promise<Followed> {
  const { remote } = scene.access;
  const verdict = await checkCommit(context, commit, await checksOf(context, { plan, subject, commit }));
  if (verdict.green === null) return { outcome: 'waits', by: 'people', why: verdict.reason };
  if (!verdict.green) return afterBounce(context, subject.task, { cause: 'red', reason: verdict.reason });
  const { branch } = subject;
  try {
    await remote.push({ branch, commit, from });
  } catch (error) {
    // It may have arrived all the same: only a look tells.
    if (!(error instanceof OperationalError) || (await tipOf(scene, branch)) !== commit) throw error;
  }
  const tip = await tipOf(scene, branch);
  context.ports.log(`${subject.task.id}: ${branch} on the forge is at ${tip?.slice(0, 12) ?? 'nothing'}`);
  if (tip === commit) return { outcome: 'again' };
  return {
    outcome: 'waits',
    by: tip === from ? 'people' : 'itself',
    why: `the forge did not take ${branch}: is it protected?`,
  };
}

/** Those not passed yet at this very tree; nobody is asked to look at what is red. */
async function checksOf(
  { ports, settings }: LandingContext,
  { plan, subject: { task, evidence }, commit }: { plan: Plan; subject: Subject; commit: string },
): Promise<string[]> {
  const proven = new Set((await ports.repository.tree(commit)) === evidence.tree ? evidence.checks : []);
  return [...task.checks, ...plan.checks, ...settings.landingChecks].filter((check) => !proven.has(check));
}

async function tipOf({ access, tips }: Scene, branch: string): Promise<string | null> {
  const tip = (await access.remote.tips([branch])).get(branch) ?? null;
  if (tip === null) tips.delete(branch);
  else tips.set(branch, tip);
  return tip;
}

async function open(context: LandingContext, { scene, subject }: At, base: string): Promise<Followed> {
  const { task, evidence, branch } = subject;
  const needs = base === scene.trunk.name ? [] : [base.slice(base.lastIndexOf('/') + 1)];
  const marker = taskMarker(task.key);
  const pull = await scene.access.forge.open({
    head: branch,
    base,
    title: taskTitle(task),
    body: taskBody(task, evidence, needs),
    marker,
  });
  await execute(context, task, { type: 'set-pr', number: pull.number, status: 'pending_review' });
  context.ports.log(`${task.id}: pull request #${pull.number} into ${base} ${pull.url}`);
  return { outcome: 'again' };
}

async function merge(
  { scene, subject: { task } }: At,
  { number, commit }: { number: number; commit: string },
): Promise<Followed> {
  const { merged, why } = await scene.access.forge.merge(number, { commit, title: `Merge ${taskTitle(task)}` });
  // Whether it really is, the next look at the trunk tells.
  if (merged) return { outcome: 'waits', by: 'itself', why: `pull request #${number} is being merged` };
  return { outcome: 'waits', by: 'people', why: `the forge does not merge pull request #${number}: ${why}` };
}

async function sendBack(
  context: LandingContext,
  { subject: { task } }: At,
  { seen, step }: { seen: Seen; step: Extract<PullRequestStep, { do: 'send-back' }> },
): Promise<Followed> {
  return afterBounce(context, task, { cause: step.cause, reason: sendBackReason(step.reason, seen) });
}

async function afterBounce(
  context: LandingContext,
  task: Task,
  why: { cause: 'conflict' | 'red' | 'scope' | 'review'; reason: string },
): Promise<Followed> {
  const step = await bounce(context, task, why);
  return step.outcome === 'moved' ? { outcome: 'over' } : { outcome: 'again' };
}

/** The approval that it had was for other work (a corrected base), or it never had one. */
async function ask(context: LandingContext, task: Task, reason: string): Promise<Followed> {
  const step = await park(context, task, reason);
  return step.outcome === 'moved' ? { outcome: 'over' } : { outcome: 'again' };
}

/** A person said no: the task is theirs to decide about, and who builds on it sees it by its status. */
async function reject(context: LandingContext, task: Task, reason: string): Promise<Followed> {
  const advice = `orbit reopen ${task.id} has it done again, orbit cancel ${task.id} gives it up; reopening the pull request goes on with it after orbit retry ${task.id}`;
  await execute(context, task, { type: 'escalate', kind: 'refused', reason: `${reason}; ${advice}` });
  return { outcome: 'over' };
}

async function land(context: LandingContext, { plan, scene, subject }: At, seen: Seen): Promise<Followed> {
  const { ports } = context;
  const { task, evidence } = subject;
  const landedAs = seen.landedAs ?? scene.trunk.tip;
  const { pull } = seen;
  if (pull !== null && pull.state === 'open' && !seen.isAncestor) await closeLanded(scene, pull.number, landedAs);
  if (task.landing === null) await execute(context, task, { type: 'queue-landing' });
  const tree = await ports.repository.tree(landedAs);
  await execute(context, task, { type: 'land', commit: evidence.commit, landedAs, tree, target: plan.target });
  if (pull !== null) await execute(context, task, { type: 'set-pr', number: pull.number, status: 'merged' });
  ports.log(`${task.id}: landed on ${scene.trunk.name} of the forge as ${landedAs.slice(0, 12)}`);
  return { outcome: 'over' };
}

/** Its work came onto the trunk in another way than by its merge; the forge may just not have noticed yet. */
async function closeLanded({ access }: Scene, number: number, landedAs: string): Promise<void> {
  try {
    await access.forge.comment(number, { text: `Its work is in ${landedAs}.`, marker: '<!-- orbit: landed -->' });
    await access.forge.close(number);
  } catch (error) {
    if (!(error instanceof OperationalError) || error.code !== 'forge-refused') throw error;
  }
}

async function noteStatus(context: LandingContext, task: Task, { pull, facts }: Seen): Promise<void> {
  if (pull === null || facts.pull === null || pull.state === 'merged') return;
  const status = pullRequestStatus(facts.pull);
  // Closed for earlier work, or with the branch below it, it says nothing about this one.
  if (status === 'rejected' && (!facts.isPullThisWork || facts.isBaseGone)) return;
  if (task.pr?.number === pull.number && task.pr.status === status) return;
  await execute(context, task, { type: 'set-pr', number: pull.number, status });
}

/** Rejections are answers to work that went on meanwhile: the next look begins from there. */
async function execute({ ports, state }: LandingContext, task: Task, command: TaskCommand): Promise<void> {
  const answer = await ports.store.execute(task.key, command, {
    actor: 'coordinator',
    now: ports.clock.now(),
    durable: true,
    epoch: epochOf(state),
  });
  if (isRejection(answer)) ports.log(`${task.id}: ${command.type} was refused: ${answer.message}`);
}
