import { isRejection } from '../../core/rejection.ts';
import { tellHolder } from '../../platform/holder.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'End every orbit run of the project in order: agents stop, their work is saved.',
  usage: ['shutdown [--no-wait] [--reason TEXT]'],
  examples: [
    ['orbit shutdown', 'answers when the last agent has ended'],
    ['orbit shutdown --no-wait', 'asks, and does not wait for the end'],
  ],
  flags: {
    'no-wait': { kind: 'switch', about: 'Only ask.' },
    reason: { kind: 'text', value: 'TEXT', about: 'Why; kept in the log.' },
  },
  words: { min: 0, max: 0, names: '' },
  async run(input, around) {
    const context = await around.project();
    const { shutdownOrchestrator } = await import('../../actions/orchestrator/shutdown.ts');
    const why = input.text('reason') ?? 'orbit shutdown';
    const answer = await shutdownOrchestrator(context, { why, wait: !input.has('no-wait') });
    if (isRejection(answer)) return answer;
    const { leader, live, asked } = answer;
    const text =
      leader !== null
        ? `${tellHolder(leader)} is shutting down; ${live} agents have not ended yet.`
        : asked
          ? 'The coordinator has ended, and its agents with it.'
          : 'No orbit run leads here; there is nothing to shut down.';
    return { data: answer, text };
  },
};
