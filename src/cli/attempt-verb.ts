/** The verbs that end an attempt without a result share flags, words and answer; this makes their commands. */
import type { Context } from '../actions/context.ts';
import type { EndAnswer, EndOrder } from '../actions/end-attempt.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import { UsageError } from '../platform/error.ts';
import { oneLine } from '../platform/text.ts';
import type { Command, Flags, Input } from './command.ts';

export interface AttemptVerb {
  verb: string;
  summary: string;
  examples: Command['examples'];
  flags?: Flags;
  /** What the text behind the task is; `null` default: it must be given. */
  reason: { name: string; default: string | null };
  run: (context: Context, order: EndOrder, input: Input) => Promise<EndAnswer | Rejection>;
}

export function attemptVerb({ verb, summary, examples, flags = {}, reason, run }: AttemptVerb): Command {
  return {
    summary,
    usage: [`${verb} TASK "${reason.name}"`, `${verb} "${reason.name}"        (inside an attempt)`],
    examples,
    flags: {
      ...flags,
      plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' },
      token: { kind: 'number', about: 'Refuse unless this attempt still holds the task.' },
    },
    words: { min: 0, max: 2, names: `a task and the ${reason.name}` },
    async run(input, around) {
      const context = await around.project();
      // Inside an attempt the task is known, so a single word is the text, unless a task has that name.
      const own = context.caller.kind === 'attempt' ? context.caller.task : null;
      const [first, second] = input.words;
      const isTask =
        second !== undefined || own === null || (first !== undefined && (await isTaskName(context, first)));
      const task = isTask ? (first ?? null) : null;
      const text = (isTask ? second : first) ?? reason.default;
      if (text === null || text.trim() === '')
        throw new UsageError(
          'missing-argument',
          `orbit ${verb} needs the ${reason.name}`,
          `orbit ${verb} TASK "${reason.name}"`,
        );
      const answer = await run(
        context,
        { task, plan: input.text('plan'), token: input.number('token'), reason: text },
        input,
      );
      if (isRejection(answer)) return answer;
      return { data: answer, text: `${answer.task} is ${answer.status}: ${oneLine(answer.reason, 100)}` };
    },
  };
}

async function isTaskName({ store }: Context, word: string): Promise<boolean> {
  return (await store.taskKeys(word.slice(word.indexOf('/') + 1))).length > 0;
}
