import type { WidenAnswer, Wish } from '../../actions/widen-scope.ts';
import type { Context } from '../../actions/context.ts';
import { isRejection, type Rejection } from '../../core/rejection.ts';
import { UsageError } from '../../platform/error.ts';
import { oneLine } from '../../platform/text.ts';
import type { Answer, Command, Input } from '../command.ts';

export const command: Command = {
  summary: 'More paths for a task while it is worked on: ask for them, give them, see who waits.',
  usage: [
    'scope add GLOB… --why TEXT [--task TASK]',
    'scope list [--plan PLAN]',
    'scope grant TASK',
    'scope deny TASK "why"',
  ],
  examples: [
    ['orbit scope add src/api/types.ts --why "the new field is declared there"', 'an agent asks for its own task'],
    [
      'orbit scope add .github/workflows/ci.yml --task T031 --why "it needs a job"',
      'you give it; it needs no approval then',
    ],
    ['orbit scope list', 'wishes that wait, and for whom'],
    ['orbit scope grant T031', 'yes to a wish that waits for you'],
    ['orbit scope deny T031 "use the public interface"', 'no, with the reason'],
  ],
  flags: {
    why: { kind: 'text', value: 'TEXT', about: 'What the paths are needed for, or why not.' },
    task: { kind: 'text', value: 'TASK', about: 'The task; an agent means its own.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' },
  },
  words: { min: 1, max: 100, names: 'add, list, grant or deny' },
  async run(input, around) {
    const [how] = input.words;
    const run = how !== undefined && Object.hasOwn(verbs, how) ? verbs[how] : undefined;
    if (run === undefined) {
      const known = 'orbit scope knows add, list, grant and deny';
      throw new UsageError('bad-flag', `${known}, not ${JSON.stringify(how)}`, 'orbit help scope');
    }
    return run(await around.project(), input);
  },
};

const verbs: Readonly<Record<string, (context: Context, input: Input) => Promise<Answer | Rejection>>> = {
  async add(context, input) {
    const entries = input.words.slice(1);
    if (entries.length === 0)
      throw new UsageError('missing-argument', 'name the paths', 'orbit scope add src/a.ts --why "…"');
    const { widenScope } = await import('../../actions/widen-scope.ts');
    const order = { task: input.text('task'), plan: input.text('plan'), entries, why: input.text('why') ?? '' };
    return answer(await widenScope(context, order));
  },
  async list(context, input) {
    const { listWishes } = await import('../../actions/widen-scope.ts');
    const plan = input.text('plan');
    if (plan !== null) await (await import('../../actions/find-task.ts')).requirePlan(context, plan);
    const wishes = await listWishes(context, plan);
    return {
      data: { wishes },
      text: wishes.length === 0 ? 'Nobody waits for paths.' : wishes.map(wishLine).join('\n'),
    };
  },
  async grant(context, input) {
    const { answerWidening } = await import('../../actions/widen-scope.ts');
    const order = { task: taskOf(input), plan: input.text('plan'), denied: null };
    return answer(await answerWidening(context, order));
  },
  async deny(context, input) {
    const { answerWidening } = await import('../../actions/widen-scope.ts');
    const denied = input.text('why') ?? input.words[2] ?? '';
    if (denied.trim() === '') throw new UsageError('missing-argument', 'say why', 'orbit scope deny T031 "why"');
    const result = await answerWidening(context, { task: taskOf(input), plan: input.text('plan'), denied });
    if (isRejection(result)) return result;
    return {
      data: { ...result, outcome: 'denied' },
      text: `${result.task} does not get ${result.entries.join(', ')}.`,
    };
  },
};

export function wishLine({ key, agent, entries, why, holder }: Wish): string {
  const waits =
    holder === null ? `you decide: orbit scope grant ${key}, or orbit scope deny ${key} "why"` : `after ${holder}`;
  return `${key}  ${agent} wishes to write ${oneLine(entries.join(', '), 120)}: ${oneLine(why, 160)}\n  ${waits}`;
}

function taskOf(input: Input): string {
  const task = input.words[1] ?? input.text('task');
  if (task === undefined || task === null)
    throw new UsageError('missing-argument', 'name the task', 'for example T031');
  return task;
}

function answer(result: WidenAnswer | Rejection): Answer | Rejection {
  if (isRejection(result)) return result;
  const { task, outcome, entries, holder } = result;
  const paths = entries.join(', ');
  const words: Record<WidenAnswer['outcome'], string> = {
    granted: `${task} may write ${paths} from now on.`,
    queued: `${task} gets ${paths} by itself when ${holder} has ended; go on with other files, you are told.`,
    asked: `A person decides whether ${task} gets ${paths}; go on with other files, you are told.`,
  };
  return { data: result, text: words[outcome] };
}
