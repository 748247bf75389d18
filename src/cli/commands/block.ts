import { UsageError } from '../../platform/error.ts';
import type { TaskFields } from '../../actions/change-task.ts';
import { attemptVerb } from '../attempt-verb.ts';
import type { Command, Input } from '../command.ts';

export const command: Command = attemptVerb({
  verb: 'block',
  summary: 'Say that a task cannot go on: ask a person, or put other tasks first.',
  examples: [
    ['orbit block T031 "no access to the staging database"', 'a person has to help'],
    ['orbit block T031 --question "keep the old flag?"', 'a person has to answer'],
    ['orbit block T031 --on T099 "the parser is broken"', 'T031 goes on where it stood when T099 is done'],
    [
      'orbit block T031 --on new --title "Mend the parser" --scope src/parser.ts "it drops lines"',
      'the same with a task that does not exist yet',
    ],
  ],
  flags: {
    question: { kind: 'switch', about: 'It is a question to a person.' },
    on: {
      kind: 'texts',
      value: 'TASK',
      about: 'Another task has to be done first, or "new" for one made with --title; may be given several times.',
    },
    needs: { kind: 'texts', value: 'TASK', about: 'The same as --on.' },
    title: { kind: 'text', value: 'TEXT', about: 'Of the new task: one line.' },
    description: { kind: 'text', value: 'TEXT', about: 'Of the new task: everything an agent has to know.' },
    scope: { kind: 'texts', value: 'GLOB', about: 'Of the new task: paths it may change; --files is the same.' },
    files: { kind: 'texts', value: 'GLOB', about: 'The same as --scope.' },
    check: { kind: 'texts', value: 'COMMAND', about: 'Of the new task: must exit 0 on the finished work.' },
  },
  reason: { name: 'reason', default: null },
  run: async (context, order, input) => {
    const named = [...input.texts('on'), ...input.texts('needs')].filter((id) => id !== '');
    const make = named.includes('new') ? await newTask(input) : null;
    if (make === null && input.text('title') !== null)
      throw new UsageError('bad-flag', '--title is of a new task', 'add --on new');
    const { blockTask } = await import('../../actions/end-attempt.ts');
    const needs = named.filter((id) => id !== 'new');
    return blockTask(context, { ...order, question: input.has('question'), needs, make });
  },
});

async function newTask(input: Input): Promise<TaskFields & { title: string }> {
  const title = (input.text('title') ?? '').replace(/\s+/g, ' ').trim();
  if (title === '') throw new UsageError('missing-argument', '--on new needs --title', 'say what has to be done first');
  const { readScope } = await import('../task-fields.ts');
  return {
    title,
    body: input.text('description') ?? '',
    scope: await readScope([...input.texts('scope'), ...input.texts('files')]),
    checks: input.texts('check').filter((check) => check !== ''),
  };
}
