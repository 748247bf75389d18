import { isRejection } from '../../core/rejection.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Take a finished plan over into your branch, once its checks are green there.',
  usage: ['land PLAN [--into BRANCH] [--tree TREE] [--so-far]'],
  examples: [
    ['orbit land 001', 'the branch that you are on takes over what landed on orbit/001'],
    ['orbit land 001 --into main', 'another branch does'],
    ['orbit land 001 --so-far', 'although some tasks have not ended'],
  ],
  flags: {
    into: {
      kind: 'text',
      value: 'BRANCH',
      about: 'Branch that takes it over; the one of the main checkout by default.',
    },
    tree: { kind: 'text', value: 'TREE', about: 'What you looked at; refused when the target has another by now.' },
    'so-far': { kind: 'switch', about: 'What has landed, while other tasks are still open.' },
  },
  words: { min: 1, max: 1, names: 'a plan' },
  async run(input, around) {
    const context = await around.project();
    const { landPlan } = await import('../../actions/land-plan.ts');
    const [plan = ''] = input.words;
    const order = { plan, into: input.text('into'), tree: input.text('tree'), soFar: input.has('so-far') };
    const answer = await landPlan(context, order);
    if (isRejection(answer)) return answer;
    const { into, how, commit } = answer;
    return { data: answer, text: `Plan ${plan} is in ${into} (${how}, ${commit.slice(0, 12)}).` };
  },
};
