/**
 * Carries out what a key asked for, through the same actions as the command line, and says in one line how that went.
 *
 * Owns no rule: what is not possible just now, the action says.
 */
import type { Context } from '../../actions/context.ts';
import type { Subject } from '../../actions/board/row.ts';
import type { NudgeAnswer } from '../../actions/nudge-task.ts';
import { isRejection, type Rejection } from '../../core/rejection.ts';
import type { Steering } from '../../actions/steer-task.ts';
import { toldDelivery } from '../nudge-words.ts';
import { count } from '../words.ts';
import type { LogTail } from './log-tail.ts';
import type { Ask, Order } from './state.ts';

export type Outcome =
  | { type: 'said'; text: string; isBad: boolean }
  | { type: 'asks'; ask: Ask }
  | { type: 'text'; title: string; lines: readonly string[] }
  | { type: 'log'; tail: LogTail };

/** Orders that the loop around it does not carry out itself. */
export type Deed = Extract<Order, { about: Subject }>;

/** Throws what the actions throw. */
export async function carryOut(context: Context, order: Deed): Promise<Outcome> {
  const { about } = order;
  const task = about.key ?? about.plan;
  switch (order.type) {
    case 'pause':
      return about.key === null ? pausePlan(context, about.plan) : pauseTask(context, task);
    case 'nudge': {
      const { nudgeTask } = await import('../../actions/nudge-task.ts');
      const answer = await nudgeTask(context, { task, plan: null, text: order.text });
      return told(answer, (one: NudgeAnswer) => `${task}: ${toldDelivery(one)}.`);
    }
    case 'retry-ask':
      return askRetry(context, about);
    case 'retry':
      return steer(context, task, { type: 'retry', advice: order.text === '' ? null : order.text });
    case 'cancel':
      return steer(context, task, { type: 'cancel', why: 'cancelled by hand' });
    case 'look':
      return look(context, about);
    case 'approve':
      return approve(context, task, order.tree);
    case 'reject-ask':
      return askReject(context, about);
    case 'reject':
      return reject(context, task, order.text);
    case 'log':
      return openLog(context, about);
    case 'why':
      return why(context, task);
  }
}

async function pausePlan(context: Context, plan: string): Promise<Outcome> {
  const { pausePlan: pause } = await import('../../actions/pause-plan.ts');
  const paused = (await context.store.plan(plan))?.paused !== true;
  const answers = await pause(context, { plan, paused, what: 'work', why: `${paused ? 'paused' : 'resumed'} by hand` });
  return told(answers, () => `Plan ${plan} ${paused ? 'is paused: nothing new is given out' : 'goes on'}.`);
}

async function pauseTask(context: Context, task: string): Promise<Outcome> {
  const { findTask } = await import('../../actions/find-task.ts');
  const isHeld = (await findTask(context, task)).task.hold !== null;
  return steer(context, task, isHeld ? { type: 'resume' } : { type: 'hold', why: 'paused by hand' });
}

async function steer(context: Context, task: string, steering: Steering): Promise<Outcome> {
  const { steerTask } = await import('../../actions/steer-task.ts');
  const answer = await steerTask(context, { task, plan: null, steering });
  return told(answer, ({ status }) => `${task} is ${status}.`);
}

/** A question deserves an answer; whatever else waits is simply tried again. */
async function askRetry(context: Context, about: Subject): Promise<Outcome> {
  const task = about.key ?? '';
  const { findTask } = await import('../../actions/find-task.ts');
  const kind = (await findTask(context, task)).task.inbox?.kind;
  if (kind !== 'question' && kind !== 'blocked') return steer(context, task, { type: 'retry', advice: null });
  return { type: 'asks', ask: { for: 'retry', label: `answer for ${task} (empty: none)`, about, yesNo: false } };
}

/** Shows what is to be approved; the word is bound to the tree that was shown. */
async function look(context: Context, about: Subject): Promise<Outcome> {
  const task = about.key ?? '';
  const { findTask } = await import('../../actions/find-task.ts');
  const { key, plan, widening } = (await findTask(context, task)).task;
  if (widening !== null)
    return {
      type: 'asks',
      ask: { for: 'approve', label: `let ${key} write ${widening.entries.join(', ')}?`, about, yesNo: true, tree: '' },
    };
  const { listApprovals } = await import('../../actions/list-approvals.ts');
  const work = (await listApprovals(context, plan)).find((one) => one.key === key);
  if (work === undefined) return bad(`${key} does not wait for an approval: w says what it waits for.`);
  const { files, linesAdded, linesRemoved, risks, tree, reason } = work;
  const risk = risks[0] === undefined ? reason : `${count(risks.length, 'risk')}: ${risks[0].reason}`;
  const label = `approve ${key} at ${tree.slice(0, 12)}: ${count(files.length, 'file')}, +${linesAdded} -${linesRemoved}; ${risk}?`;
  return { type: 'asks', ask: { for: 'approve', label, about, yesNo: true, tree } };
}

async function approve(context: Context, task: string, tree: string): Promise<Outcome> {
  if (tree === '') {
    const { answerWidening } = await import('../../actions/widen-scope.ts');
    return told(
      await answerWidening(context, { task, plan: null, denied: null }),
      () => `${task} may write there now.`,
    );
  }
  const { approveTask } = await import('../../actions/approve-task.ts');
  const answer = await approveTask(context, { task, plan: null, tree });
  return told(answer, ({ status }) => `${task} is approved at tree ${tree.slice(0, 12)}, and ${status}.`);
}

async function askReject(context: Context, about: Subject): Promise<Outcome> {
  const task = about.key ?? '';
  const { findTask } = await import('../../actions/find-task.ts');
  const { evidence, widening, landing } = (await findTask(context, task)).task;
  if (widening === null && (evidence === null || landing?.state === 'landed'))
    return bad(`${task} has no finished work to reject: w says where it stands.`);
  return { type: 'asks', ask: { for: 'reject', label: `why not ${task}`, about, yesNo: false } };
}

async function reject(context: Context, task: string, reason: string): Promise<Outcome> {
  const { findTask } = await import('../../actions/find-task.ts');
  if ((await findTask(context, task)).task.widening !== null) {
    const { answerWidening } = await import('../../actions/widen-scope.ts');
    return told(
      await answerWidening(context, { task, plan: null, denied: reason }),
      () => `${task} is denied the paths.`,
    );
  }
  const { rejectTask } = await import('../../actions/approve-task.ts');
  return told(
    await rejectTask(context, { task, plan: null, reason, close: false }),
    ({ status }) => `${task} is ${status}.`,
  );
}

async function openLog(context: Context, { key, token }: Subject): Promise<Outcome> {
  const [{ findLog }, { LogTail }] = await Promise.all([import('../../actions/read-logs.ts'), import('./log-tail.ts')]);
  return {
    type: 'log',
    tail: new LogTail(await findLog(context, { task: key ?? '', plan: null, token, log: 'output' })),
  };
}

async function why(context: Context, task: string): Promise<Outcome> {
  const [{ explainTask }, { whyLines }] = await Promise.all([
    import('../../actions/explain-task.ts'),
    import('../why-words.ts'),
  ]);
  const answer = await explainTask(context, { task, plan: null });
  return { type: 'text', title: `Why ${task}`, lines: whyLines(answer, (text) => text) };
}

function told<T extends object>(answer: T | Rejection, words: (answer: T) => string): Outcome {
  if (isRejection(answer)) return bad(`${answer.message}${answer.hint === '' ? '' : ` (${answer.hint})`}`);
  return { type: 'said', text: words(answer), isBad: false };
}

function bad(text: string): Outcome {
  return { type: 'said', text, isBad: true };
}
