import type { Command } from '../command.ts';
import { UsageError } from '../../platform/error.ts';
import { historyLines, queueLines } from '../queue-words.ts';

export const command: Command = {
  summary: 'What waits to land, what is being validated, what was put back, what landed last.',
  usage: ['queue [PLAN]', 'queue PLAN --history'],
  examples: [
    ['orbit queue 001', 'the landing queue of 001'],
    ['orbit queue 001 --history', 'every step of its target with the verdicts at exactly that tree'],
  ],
  flags: {
    plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' },
    history: {
      kind: 'switch',
      about: 'The steps of the target that landings made, each with its tree and its verdicts.',
    },
  },
  words: { min: 0, max: 1, names: 'a plan' },
  async run(input, around) {
    const context = await around.project();
    const plan = input.words[0] ?? input.text('plan') ?? null;
    if (input.has('history')) {
      if (plan === null)
        throw new UsageError('missing-argument', '--history needs a plan', 'orbit queue 001 --history');
      const { auditTarget } = await import('../../actions/audit-target.ts');
      const steps = await auditTarget(context, plan);
      return { data: { steps }, text: historyLines(steps).join('\n') };
    }
    const { listQueue } = await import('../../actions/list-queue.ts');
    const queue = await listQueue(context, plan);
    return { data: queue, text: queueLines(queue, context.clock.now()).join('\n') };
  },
};
