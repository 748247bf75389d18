import type { Context } from '../../actions/context.ts';
import { isRejection, type Rejection } from '../../core/rejection.ts';
import { UsageError } from '../../platform/error.ts';
import type { Answer, Command, Input } from '../command.ts';

export const command: Command = {
  summary: 'What waits for your word; let finished work land, or take a finished plan over.',
  usage: ['approve [--plan PLAN]', 'approve TASK… [--tree TREE]', 'approve PLAN [--all]'],
  examples: [
    ['orbit approve', 'what waits, the riskiest first, each with its evidence'],
    ['orbit approve T031 --tree 1a2b3c4d5e6f', 'lets it land, if this is still its tree'],
    ['orbit approve 001 --all', 'every task of the plan that waits'],
    ['orbit approve 001', 'the finished plan: your branch takes it over, as orbit land 001'],
  ],
  flags: {
    tree: { kind: 'text', value: 'TREE', about: 'What you looked at; refused when the work is another by now.' },
    all: { kind: 'switch', about: 'Of a plan: every task that waits, not the plan itself.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Plan of the tasks.' },
  },
  words: { min: 0, max: 100, names: 'tasks or a plan' },
  async run(input, around) {
    const context = await around.project();
    if (input.words.length === 0) {
      if (input.text('tree') !== null || input.has('all'))
        throw new UsageError('missing-argument', 'name what you approve', 'orbit approve T031 --tree …, or PLAN --all');
      return list(context, input.text('plan'));
    }
    if (input.text('tree') !== null && (input.words.length > 1 || input.has('all')))
      throw new UsageError('bad-flag', '--tree speaks of one task or plan', 'approve them one by one');
    const [first = ''] = input.words;
    const isPlan =
      input.words.length === 1 && input.text('plan') === null && (await context.store.plan(first)) !== null;
    if (isPlan && !input.has('all')) return landPlan(context, first, input);
    const { listApprovals } = await import('../../actions/list-approvals.ts');
    const tasks = isPlan ? (await listApprovals(context, first)).map(({ key }) => key) : input.words;
    return approveAll(context, tasks, input);
  },
};

async function list(context: Context, plan: string | null): Promise<Answer> {
  const { listApprovals, listFinishedPlans } = await import('../../actions/list-approvals.ts');
  const { waitingPlanLines, waitingWorkLines } = await import('../approval-words.ts');
  const tasks = await listApprovals(context, plan);
  const plans = await listFinishedPlans(context, plan);
  const parts = [...tasks.map(waitingWorkLines), ...plans.map(waitingPlanLines)].map((lines) => lines.join('\n'));
  return { data: { tasks, plans }, text: parts.length === 0 ? 'Nothing waits for your approval.' : parts.join('\n\n') };
}

async function landPlan(context: Context, plan: string, input: Input): Promise<Answer | Rejection> {
  const { landPlan: land } = await import('../../actions/land-plan.ts');
  const answer = await land(context, { plan, into: null, tree: input.text('tree'), soFar: false });
  if (isRejection(answer)) return answer;
  return { data: answer, text: `Plan ${plan} is in ${answer.into} (${answer.how}, ${answer.commit.slice(0, 12)}).` };
}

/** Each by itself: what cannot be approved does not hold the others. */
async function approveAll(context: Context, tasks: readonly string[], input: Input): Promise<Answer | Rejection> {
  const { approveTask } = await import('../../actions/approve-task.ts');
  const approved = [];
  const refused = [];
  for (const task of tasks) {
    const answer = await approveTask(context, { task, plan: input.text('plan'), tree: input.text('tree') });
    if (!isRejection(answer)) approved.push(answer);
    else if (tasks.length === 1) return answer;
    else refused.push({ task, code: answer.code, message: answer.message, hint: answer.hint });
  }
  const { leaderNow } = await import('../../actions/leader-now.ts');
  const led = (await leaderNow(context)) !== null;
  const waits = !led && (await anyLands(context, new Set(approved.map(({ plan }) => plan))));
  const { unledLine } = await import('../words.ts');
  const lines = [
    ...approved.map(({ task, status, tree }) => `${task} is approved at tree ${tree.slice(0, 12)}, and ${status}.`),
    ...refused.map(({ task, message }) => `${task} is not approved: ${message}`),
    ...(waits ? [unledLine] : []),
  ];
  const text = lines.length === 0 ? 'Nothing waits for your approval.' : lines.join('\n');
  const [first] = refused;
  if (first === undefined) return { data: { approved, refused, led }, text };
  const { code, message, hint } = first;
  return { data: { approved, refused, led, error: { code, message, hint } }, text, exitCode: 3 };
}

/** Whether work of one of the plans is landed by a coordinator, and not by people alone. */
async function anyLands({ store, settings }: Context, plans: ReadonlySet<string>): Promise<boolean> {
  const { landsBy } = await import('../../core/pull-request.ts');
  const { landing } = await settings();
  for (const plan of plans) if (landsBy(await store.plan(plan), landing.mode) !== 'off') return true;
  return false;
}
