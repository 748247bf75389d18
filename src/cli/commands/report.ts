import { resolve } from 'node:path';
import type { PlanTimes } from '../../actions/time-plan.ts';
import type { Command } from '../command.ts';
import { painter } from '../output.ts';
import { planLines } from '../plan-words.ts';
import { duration } from '../words.ts';

export const command: Command = {
  summary: "The supervisor's report: who finishes what, what is stuck, how attempts and hints went.",
  usage: ['report [PLAN] [--stuck-after MINUTES] [--html FILE]'],
  examples: [
    ['orbit report 001 --stuck-after 30', 'half an hour without a sign counts as stuck; two hours by default'],
    ['orbit report 001 --html report.html', 'one page for a browser that needs nothing else'],
  ],
  flags: {
    'stuck-after': { kind: 'number', value: 'MINUTES', about: 'Without any sign for so long a task counts as stuck.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' },
    html: { kind: 'text', value: 'FILE', about: 'Also write it as one page for a browser.' },
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
    const { timePlan } = await import('../../actions/time-plan.ts');
    const times: PlanTimes[] = [];
    for (const id of ids) times.push(await timePlan(context, id));
    const paint = painter(around.environment);
    const { reportOutcomes } = await import('../../actions/report-outcomes.ts');
    const outcomes = await reportOutcomes(context, named);
    const text = plans.map((plan, index) =>
      [`Plan ${plan.plan}: ${planLines(plan, paint).join('\n')}`, ...tail(plan), ...timeLines(times[index])].join('\n'),
    );
    const { outcomeLines } = await import('../outcome-words.ts');
    if (outcomes.outcomes.length > 0) text.push(outcomeLines(outcomes).join('\n'));
    const out = input.text('html');
    if (out !== null) {
      const [{ reportPage }, { replaceFile }] = await Promise.all([
        import('../report-page.ts'),
        import('../../platform/replace-file.ts'),
      ]);
      const sections = plans.flatMap((status, index) => {
        const own = times[index];
        return own === undefined ? [] : [{ status, times: own }];
      });
      const at = new Date(context.clock.now()).toISOString();
      const file = resolve(around.directory, out);
      replaceFile(file, reportPage({ plans: sections, outcomes, at }));
      text.push(`The page is written to ${file}.`);
    }
    return { data: { plans, times, ...outcomes }, text: text.length === 0 ? 'No plan yet.' : text.join('\n\n') };
  },
};

/** The chain that set the plan's end, and what would have brought it nearer. */
function timeLines(times: PlanTimes | undefined): string[] {
  if (times === undefined || times.chain.length === 0) return [];
  const { waitedMs, workedMs, retriedMs, landingMs } = times.lost;
  const spent = `worked ${duration(workedMs)}, waited ${duration(waitedMs)}, tried again ${duration(retriedMs)}, landing ${duration(landingMs)}`;
  const path = times.chain.map(({ task }) => task).join(' → ');
  return [`the end was set by ${path}: ${spent}`, ...times.advice.map((line) => `  ${line}`)];
}

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
