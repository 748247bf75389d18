/** `pause` and `resume`: of a plan, of a task, of everything. */
import { isRejection } from '../core/rejection.ts';
import type { Command } from './command.ts';

const pausedWords = {
  work: 'is paused: nothing new is given out',
  landing: 'does not land for now: finished work waits',
} as const;

export interface PauseVerb {
  verb: 'pause' | 'resume';
  paused: boolean;
  summary: string;
  examples: Command['examples'];
}

export function pauseVerb({ verb, paused, summary, examples }: PauseVerb): Command {
  return {
    summary,
    usage: [`${verb} [PLAN|TASK] [--landing] [--reason TEXT]`],
    examples,
    flags: {
      landing: { kind: 'switch', about: 'Of a plan: not its work, but what of it lands.' },
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
      const what = input.has('landing') ? 'landing' : 'work';
      const { pausePlan } = await import('../actions/pause-plan.ts');
      const answers = await pausePlan(context, { plan: word ?? input.text('plan'), paused, what, why });
      if (isRejection(answers)) return answers;
      const text = answers.map(({ plan }) => `Plan ${plan} ${paused ? pausedWords[what] : 'goes on'}.`).join('\n');
      return { data: { plans: answers }, text };
    },
  };
}
