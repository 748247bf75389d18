import type { Command } from '../command.ts';
import { painter } from '../output.ts';
import { planLines } from '../plan-words.ts';

export const command: Command = {
  summary: "The supervisor's report: who finishes what, what is stuck, how attempts and hints went.",
  usage: ['report [PLAN] [--stuck-after MINUTES]'],
  examples: [
    ['orbit report 001 --stuck-after 30', 'half an hour without a sign counts as stuck; two hours by default'],
  ],
  flags: {
    'stuck-after': { kind: 'number', value: 'MINUTES', about: 'Without any sign for so long a task counts as stuck.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' },
  },
  words: { min: 0, max: 1, names: 'a plan' },
  async run(input, around) {
    const context = await around.project();
    const { reportPlan } = await import('../../actions/report-plan.ts');
    const { syncPlans } = await import('../../actions/sync-plan.ts');
    const minutes = input.number('stuck-after');
    const named = input.words[0] ?? input.text('plan');
    if (named === null) await syncPlans(context);
    const ids = named === null ? (await context.store.plans()).map(({ id }) => id) : [named];
    const plans = [];
    for (const id of ids) plans.push(await reportPlan(context, id, minutes === null ? null : minutes * 60_000));
    const paint = painter(around.environment);
    const { reportOutcomes } = await import('../../actions/report-outcomes.ts');
    const outcomes = await reportOutcomes(context, named);
    const text = plans.map((plan) =>
      [`Plan ${plan.plan}: ${planLines(plan, paint).join('\n')}`, ...tail(plan)].join('\n'),
    );
    const { outcomeLines } = await import('../outcome-words.ts');
    if (outcomes.outcomes.length > 0) text.push(outcomeLines(outcomes).join('\n'));
    return { data: { plans, ...outcomes }, text: text.length === 0 ? 'No plan yet.' : text.join('\n\n') };
  },
};

function tail({
  counts,
  layers,
}: {
  counts: Record<string, number>;
  layers: readonly { stuck: readonly { task: string }[]; needsYou: readonly { task: string }[] }[];
}): string[] {
  const missing = layers.flatMap((layer) => layer.needsYou.map(({ task }) => task));
  const stuck = layers.flatMap((layer) => layer.stuck.map(({ task }) => task));
  const numbers = Object.entries(counts)
    .filter(([, number]) => number > 0)
    .map(([status, number]) => `${number} ${status}`);
  return [
    numbers.join(', '),
    ...(missing.length === 0
      ? []
      : [`missing: ${missing.join(', ')}; a person has to look: orbit inbox, orbit why <task>`]),
    ...(stuck.length === 0 ? [] : [`stuck: ${stuck.join(', ')}; orbit why <task>, orbit release <task>`]),
  ];
}
