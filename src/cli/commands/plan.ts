import { UsageError } from '../../platform/error.ts';
import { oneLine } from '../../platform/text.ts';
import type { Command } from '../command.ts';
import { tellImported } from '../imported.ts';
import { columns } from '../output.ts';
import { count } from '../words.ts';

export const command: Command = {
  summary: 'Read and judge a plan; without a word, list the plans.',
  usage: ['plan [PLAN|FILE] [--check]'],
  examples: [
    ['orbit plan', 'which plans there are'],
    ['orbit plan 001', 'reads specs/001/agent-tasks/layered-tasks.md'],
    ['orbit plan 001 --check', 'only says what is wrong with it'],
  ],
  flags: { check: { kind: 'switch', about: 'Only judge, change nothing.' } },
  words: { min: 0, max: 1, names: 'a plan' },
  async run(input, around) {
    const context = await around.project();
    const [word] = input.words;
    if (word === undefined) return listPlans(context);
    const { importPlan, planFileOf } = await import('../../actions/import-plan.ts');
    if (/\s/.test(word))
      throw new UsageError(
        'bad-id',
        'a plan is a name or a file',
        'write the tasks into specs/<plan>/agent-tasks/layered-tasks.md',
      );
    const file = planFileOf(context, word, around.directory);
    const answer = await importPlan(context, { file, plan: null, format: null, dryRun: input.has('check') });
    const data = await tellImported(around, answer);
    const counts = `${count(answer.tasks, 'task')} in ${count(answer.layers, 'layer')}`;
    const changes = input.has('check') ? 'nothing was changed' : `${answer.created} new, ${answer.changed} changed`;
    return { data, text: `Plan ${answer.plan}: ${counts}; ${changes}.` };
  },
};

async function listPlans(
  context: Awaited<ReturnType<Parameters<Command['run']>[1]['project']>>,
): ReturnType<Command['run']> {
  const { syncPlans } = await import('../../actions/sync-plan.ts');
  const { countTasks } = await import('../../actions/count-tasks.ts');
  await syncPlans(context);
  const { plans: rows } = await countTasks(context, null);
  const plans = (await context.store.plans()).map((plan) => {
    const { total = 0, landed = 0 } = rows.find((row) => row.plan === plan.id) ?? {};
    return {
      id: plan.id,
      title: plan.title,
      source: plan.source,
      target: plan.target,
      paused: plan.paused,
      unblock: plan.unblock,
      layers: plan.layers,
      total,
      landed,
    };
  });
  const lines = columns(
    plans.map(({ id, title, total, landed, paused }) => [
      id,
      `${landed}/${total} landed`,
      paused ? 'paused' : '',
      oneLine(title),
    ]),
  );
  return {
    data: { plans },
    text:
      lines.length === 0
        ? 'No plan yet. Write specs/001/agent-tasks/layered-tasks.md, or orbit import.'
        : lines.join('\n'),
  };
}
