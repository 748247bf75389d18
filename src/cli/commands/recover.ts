import { oneLine } from '../../platform/text.ts';
import type { Command } from '../command.ts';
import { columns } from '../output.ts';

export const command: Command = {
  summary: 'List the work that is kept of all attempts, or bring some back as a branch.',
  usage: ['recover [TASK]', 'recover --restore REF [--branch NAME]'],
  examples: [
    ['orbit recover T031', 'commits and dirty files of every attempt at T031'],
    ['orbit recover --restore salvage/T031/7', 'makes the branch recovered/salvage/T031/7'],
  ],
  flags: {
    restore: { kind: 'text', value: 'REF', about: 'What to bring back, as listed.' },
    branch: { kind: 'text', value: 'NAME', about: 'Name of the branch; recovered/<ref> by default.' },
  },
  words: { min: 0, max: 1, names: 'a task' },
  async run(input, around) {
    const context = await around.project();
    const { listKept, restoreWork } = await import('../../actions/recover-work.ts');
    const ref = input.text('restore');
    if (ref !== null) {
      const answer = await restoreWork(context, { ref, branch: input.text('branch') });
      return { data: answer, text: `${answer.branch} is at ${answer.commit.slice(0, 12)}: git log ${answer.branch}` };
    }
    const kept = await listKept(context, input.words[0] ?? null);
    const rows = kept.map((one) => [
      one.ref.replace('refs/orbit/', ''),
      one.kind,
      one.commit.slice(0, 12),
      new Date(one.at).toISOString(),
      oneLine(one.subject, 60),
    ]);
    return { data: { kept }, text: rows.length === 0 ? 'Nothing is kept.' : columns(rows).join('\n') };
  },
};
