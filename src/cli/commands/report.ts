import { resolve } from 'node:path';
import type { PlanTimes } from '../../actions/time-plan.ts';
import type { Command } from '../command.ts';
import { painter } from '../output.ts';
import { planLines } from '../plan-words.ts';
import { duration } from '../words.ts';

export const command: Command = {
  summary: 'What landed, who finishes what, what is stuck, what it cost, and where time went.',
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
    const minutes = input.number('stuck-after');
    const { reportAll } = await import('../../actions/report.ts');
    const report = await reportAll(context, {
      plan: input.words[0] ?? input.text('plan'),
      stuckMs: minutes === null ? null : minutes * 60_000,
    });
    const { plans, times } = report;
    const paint = painter(around.environment);
    const text = plans.map((plan, index) =>
      [`Plan ${plan.plan}: ${planLines(plan, paint).join('\n')}`, ...tail(plan), ...timeLines(times[index])].join('\n'),
    );
    const [{ outcomeLines }, { workLines }] = await Promise.all([
      import('../outcome-words.ts'),
      import('../work-words.ts'),
    ]);
    const work = workLines(report);
    if (work.length > 0) text.push(work.join('\n'));
    if (report.outcomes.length > 0) text.push(outcomeLines(report).join('\n'));
    const out = input.text('html');
    if (out !== null) {
      const [{ reportPage }, { replaceFile }] = await Promise.all([
        import('../report-page.ts'),
        import('../../platform/replace-file.ts'),
      ]);
      const file = resolve(around.directory, out);
      replaceFile(file, reportPage(report));
      text.push(`The page is written to ${file}.`);
    }
    return { data: report, text: text.length === 0 ? 'No plan yet.' : text.join('\n\n') };
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
