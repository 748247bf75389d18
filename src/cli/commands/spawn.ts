import type { SpawnManyAnswer, SpawnOneAnswer } from '../../actions/orchestrator/spawn.ts';
import { isRejection } from '../../core/rejection.ts';
import { UsageError } from '../../platform/error.ts';
import type { Answer, Command, Input } from '../command.ts';

export const command: Command = {
  summary: 'Put an agent to work now, on a task, a module, or what matters most.',
  usage: [
    'spawn [TASK] [--module NAME] [--agent NAME] [--model MODEL] [--loop NAME]',
    'spawn --auto [--max N] [--agent NAME] [--loop NAME]',
    'spawn TASK TASK… --parallel [--agent NAME] [--loop NAME]',
  ],
  examples: [
    ['orbit spawn T031 --agent claude --model opus', 'answers once the agent is at work, or why not'],
    ['orbit spawn --module 001/layer-2 --loop engineering-loop', 'the best ready task of the module, by these steps'],
    ['orbit spawn --auto --max 3', 'the best ready tasks that are independent of each other'],
    ['orbit spawn T031 T032 --parallel', 'both at once, if neither needs the other or its files'],
  ],
  flags: {
    module: { kind: 'text', value: 'NAME', about: 'The best ready task of this module.' },
    loop: { kind: 'text', value: 'NAME', about: 'Steps for the agent to go through; .orbit/loops has your own.' },
    agent: {
      kind: 'text',
      value: 'NAME',
      about: 'Which agent of the settings; any that may take the task by default.',
    },
    model: { kind: 'text', value: 'MODEL', about: 'Model for this attempt.' },
    auto: { kind: 'switch', about: 'Several agents, for what matters most.' },
    max: { kind: 'number', about: 'With --auto: how many at most; as many as there are slots by default.' },
    parallel: { kind: 'switch', about: 'The tasks named, at once; refused where they depend on each other.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Plan of the tasks.' },
  },
  words: { min: 0, max: 100, names: 'tasks' },
  async run(input, around) {
    const [plan, agent, loop] = [input.text('plan'), input.text('agent'), input.text('loop')];
    refuseMixed(input);
    const context = await around.project();
    if (input.has('parallel')) {
      const { executeParallel } = await import('../../actions/orchestrator/execute-parallel.ts');
      const answer = await executeParallel(context, { tasks: input.words, plan, agent, loop });
      return isRejection(answer) ? answer : manyAnswer(answer);
    }
    const { spawnAgent, spawnAgentsAuto } = await import('../../actions/orchestrator/spawn.ts');
    if (input.has('auto')) {
      const answer = await spawnAgentsAuto(context, { max: input.number('max'), loop, agent, plan });
      return isRejection(answer) ? answer : manyAnswer(answer);
    }
    const [task = null] = input.words;
    const [module, model] = [input.text('module'), input.text('model')];
    const answer = await spawnAgent(context, { task, plan, module, loop, agent, model });
    return isRejection(answer) ? answer : { data: answer, text: line(answer) };
  },
};

/** Throws `UsageError` `bad-flag`. */
function refuseMixed(input: Input): void {
  const tasks = input.words.length;
  const wrong = (message: string): never => {
    throw new UsageError('bad-flag', message, 'orbit help spawn');
  };
  if (input.has('auto') && (tasks > 0 || input.has('module') || input.has('parallel') || input.has('model')))
    wrong('--auto chooses the tasks itself');
  if (!input.has('auto') && input.has('max')) wrong('--max needs --auto');
  if (input.has('parallel') && (tasks === 0 || input.has('module') || input.has('model')))
    wrong('--parallel needs tasks, and no --module or --model');
  if (!input.has('parallel') && tasks > 1) wrong('several tasks need --parallel');
  if (tasks === 1 && input.has('module')) wrong('name a task or a module');
}

function line({ agent, plan, task, title, id, state }: Omit<SpawnOneAnswer, 'loop' | 'observedAt'>): string {
  return `${agent} is ${state === 'ready' ? 'at work' : 'starting'} on ${plan}/${task} ${title} (attempt ${id}).`;
}

function manyAnswer(answer: SpawnManyAnswer): Answer {
  const lines = [
    ...answer.spawned.map(line),
    ...answer.refused.map(({ task, message }) => `Not started: ${task}: ${message}`),
  ];
  return { data: answer, text: lines.join('\n'), exitCode: answer.spawned.length === 0 ? 3 : 0 };
}
