import { resolve } from 'node:path';
import { UsageError } from '../../platform/error.ts';
import { nearest } from '../../platform/text.ts';
import type { Context } from '../../actions/context.ts';
import type { Answer, Command } from '../command.ts';

export const command: Command = {
  summary: 'Write a plan as a file: layered-tasks, progress or json; or the state of all.',
  usage: ['export FORMAT [PLAN] [--out FILE]', 'export state [--out FILE]'],
  examples: [
    ['orbit export layered-tasks 001 > plan.md', 'the plan with its ticks'],
    ['orbit export json 001 --out plan.json', 'every fact of every task'],
    ['orbit export state', 'plans, tasks, attempts and agents, into data/orchestrators/<systemId>.json'],
  ],
  flags: {
    out: { kind: 'text', value: 'FILE', about: 'Write to this file instead of standard output.' },
    plan: { kind: 'text', value: 'PLAN', about: 'The plan.' },
  },
  words: { min: 1, max: 2, names: 'a format and a plan' },
  async run(input, around) {
    const { exportFormats, exportPlan } = await import('../../actions/export-plan.ts');
    const [word = '', plan] = input.words;
    if (word === 'state') return stateAnswer(await around.project(), input.text('out'), around.directory);
    const format = exportFormats.find((each) => each === word);
    if (format === undefined) {
      const near = nearest(word, [...exportFormats, 'state']);
      throw new UsageError(
        'unknown-format',
        `there is no format ${JSON.stringify(word)}`,
        near === null ? `known: ${exportFormats.join(', ')}, state` : `did you mean ${near}?`,
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

/** @param out `-`: to standard output; `null`: where it belongs. */
async function stateAnswer(context: Context, out: string | null, directory: string): Promise<Answer> {
  const { exportState, writeState } = await import('../../actions/orchestrator/export-state.ts');
  if (out === '-') {
    const { text } = await exportState(context);
    return { data: JSON.parse(text), text: text.replace(/\n$/, '') };
  }
  const written = await writeState(context, out === null ? null : resolve(directory, out));
  return { data: written, text: `The state of ${written.systemId} is written to ${written.file}.` };
}
