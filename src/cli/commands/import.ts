import { UsageError } from '../../platform/error.ts';
import { nearest } from '../../platform/text.ts';
import type { Command } from '../command.ts';
import { tellImported } from '../imported.ts';
import { count } from '../words.ts';

export const command: Command = {
  summary: 'Read a plan from a file of another tool, or again from its own.',
  usage: ['import <format> <file> [--plan NAME] [--dry-run]', 'import <file>'],
  examples: [
    ['orbit import spec-kit specs/001/tasks.md', 'a plan of GitHub spec-kit, as plan 001'],
    ['orbit import layered-tasks plans/cleanup.md --plan cleanup', 'a plan from anywhere'],
  ],
  flags: {
    plan: { kind: 'text', value: 'NAME', about: "The plan's name; told from the path by default." },
    'dry-run': { kind: 'switch', about: 'Only read and judge, change nothing.' },
  },
  words: { min: 1, max: 2, names: 'a format and a file' },
  async run(input, around) {
    const { importPlan, planFormats } = await import('../../actions/import-plan.ts');
    const [first = '', second] = input.words;
    const file = second ?? first;
    const format = second === undefined ? null : planFormats.find((each) => each === first);
    if (format === undefined) {
      const near = nearest(first, planFormats);
      throw new UsageError(
        'unknown-format',
        `there is no format ${JSON.stringify(first)}`,
        near === null ? `known: ${planFormats.join(', ')}` : `did you mean ${near}?`,
      );
    }
    const context = await around.project();
    const dryRun = input.has('dry-run');
    const answer = await importPlan(context, {
      file,
      directory: around.directory,
      plan: input.text('plan'),
      format,
      dryRun,
    });
    const data = await tellImported(around, answer);
    const what = `${count(answer.tasks, 'task')} in ${count(answer.layers, 'layer')}`;
    const text = dryRun
      ? `${answer.file} is a good plan: ${what}. Nothing was changed.`
      : `Plan ${answer.plan}: ${what}; ${answer.created} new, ${answer.changed} changed.`;
    return { data, text };
  },
};
