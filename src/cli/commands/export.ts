import { resolve } from 'node:path';
import { UsageError } from '../../platform/error.ts';
import { nearest } from '../../platform/text.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Write a plan as a file: layered-tasks, progress or json.',
  usage: ['export FORMAT [PLAN] [--out FILE]'],
  examples: [
    ['orbit export layered-tasks 001 > plan.md', 'the plan with its ticks'],
    ['orbit export json 001 --out plan.json', 'every fact of every task'],
  ],
  flags: {
    out: { kind: 'text', value: 'FILE', about: 'Write to this file instead of standard output.' },
    plan: { kind: 'text', value: 'PLAN', about: 'The plan.' },
  },
  words: { min: 1, max: 2, names: 'a format and a plan' },
  async run(input, around) {
    const { exportFormats, exportPlan } = await import('../../actions/export-plan.ts');
    const [word = '', plan] = input.words;
    const format = exportFormats.find((each) => each === word);
    if (format === undefined) {
      const near = nearest(word, exportFormats);
      throw new UsageError(
        'unknown-format',
        `there is no format ${JSON.stringify(word)}`,
        near === null ? `known: ${exportFormats.join(', ')}` : `did you mean ${near}?`,
      );
    }
    const context = await around.project();
    const answer = await exportPlan(context, { format, plan: plan ?? input.text('plan') });
    const out = input.text('out');
    if (out === null) return { data: answer, text: answer.text.replace(/\n$/, '') };
    const { replaceFile } = await import('../../platform/replace-file.ts');
    const file = resolve(around.directory, out);
    replaceFile(file, answer.text);
    return { data: { plan: answer.plan, format, file }, text: `Plan ${answer.plan} is written to ${file}.` };
  },
};
