import { UsageError } from '../../platform/error.ts';
import type { Command } from '../command.ts';
import { painter } from '../output.ts';
import { planLines } from '../plan-words.ts';

export const command: Command = {
  summary: 'How far a plan is, layer by layer.',
  usage: ['layer-status PLAN'],
  examples: [['orbit-agent layer-status 001', 'done and total per layer, who is at what, what waits']],
  flags: { plan: { kind: 'text', value: 'PLAN', about: 'The plan.' } },
  words: { min: 0, max: 1, names: 'a plan' },
  async run(input, around) {
    const context = await around.project();
    const plan = input.words[0] ?? input.text('plan') ?? context.caller.plan;
    if (plan === null)
      throw new UsageError('missing-argument', 'orbit layer-status needs a plan', 'orbit layer-status 001');
    const { reportPlan } = await import('../../actions/report-plan.ts');
    const answer = await reportPlan(context, plan);
    return { data: answer, text: planLines(answer, painter(around.environment)).join('\n') };
  },
};
