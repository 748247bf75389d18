/** `pause` and `resume`: of a plan, of a task, of everything. */
import { isRejection } from '../core/rejection.ts';
import type { Command } from './command.ts';

export interface PauseVerb {
  verb: 'pause' | 'resume';
  paused: boolean;
  summary: string;
  examples: Command['examples'];
}

export function pauseVerb({ verb, paused, summary, examples }: PauseVerb): Command {
  return {
    summary,
    usage: [`${verb} [PLAN|TASK] [--reason TEXT]`],
    examples,
    flags: {
      reason: { kind: 'text', value: 'TEXT', about: 'Why.' },
      plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' },
    },
    words: { min: 0, max: 1, names: 'a plan or a task' },
    async run(input, around) {
      const context = await around.project();
      const why = input.text('reason') ?? `${verb}d by hand`.replace('eed', 'ed');
      const [word] = input.words;
      const isPlan = word === undefined || (input.text('plan') === null && (await context.store.plan(word)) !== null);
      if (!isPlan) {
        const { steerTask } = await import('../actions/steer-task.ts');
        const answer = await steerTask(context, {
          task: word,
          plan: input.text('plan'),
          steering: paused ? { type: 'hold', why } : { type: 'resume' },
        });
        return isRejection(answer) ? answer : { data: answer, text: `${answer.task} is ${answer.status}.` };
      }
      const { pausePlan } = await import('../actions/pause-plan.ts');
      const answers = await pausePlan(context, { plan: word ?? input.text('plan'), paused, why });
      if (isRejection(answers)) return answers;
      const text = answers
        .map(({ plan }) => `Plan ${plan} ${paused ? 'is paused: nothing new is given out' : 'goes on'}.`)
        .join('\n');
      return { data: { plans: answers }, text };
    },
  };
}
