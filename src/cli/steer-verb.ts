/** The verbs by which a person steers a task share flags, words and answer; this makes their commands. */
import type { Steering } from '../actions/steer-task.ts';
import { isRejection } from '../core/rejection.ts';
import type { Command, Input } from './command.ts';

export interface SteerVerb {
  verb: string;
  summary: string;
  examples: Command['examples'];
  /** The flag with the reason or advice. */
  flag: { name: string; about: string };
  steering: (text: string | null, input: Input) => Steering;
  /** Said behind `T031 is ready`. */
  remark?: string;
}

export function steerVerb({ verb, summary, examples, flag, steering, remark = '' }: SteerVerb): Command {
  return {
    summary,
    usage: [`${verb} TASK [--${flag.name} TEXT]`],
    examples,
    flags: {
      [flag.name]: { kind: 'text', value: 'TEXT', about: flag.about },
      plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' },
    },
    words: { min: 1, max: 2, names: 'a task' },
    async run(input, around) {
      const context = await around.project();
      const { steerTask } = await import('../actions/steer-task.ts');
      const [task = '', behind] = input.words;
      const answer = await steerTask(context, {
        task,
        plan: input.text('plan'),
        steering: steering(input.text(flag.name) ?? behind ?? null, input),
      });
      if (isRejection(answer)) return answer;
      return { data: answer, text: `${answer.task} is ${answer.status}${remark}.` };
    },
  };
}
