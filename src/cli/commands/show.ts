import type { TaskDetail } from '../../actions/show-task.ts';
import { oneLine, printable } from '../../platform/text.ts';
import type { Command } from '../command.ts';
import { duration } from '../words.ts';

export const command: Command = {
  summary: 'Everything about one task: what it asks, who tried, what happened.',
  usage: ['show TASK [--plan PLAN]'],
  examples: [['orbit show T031', 'with its attempts and last events']],
  flags: { plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' } },
  words: { min: 1, max: 1, names: 'a task' },
  async run(input, around) {
    const context = await around.project();
    const { showTask } = await import('../../actions/show-task.ts');
    const task = await showTask(context, { task: input.words[0] ?? '', plan: input.text('plan') });
    if (around.json) {
      const { viewEvent } = await import('../../actions/list-events.ts');
      return { data: { ...task, task: task.id, events: task.events.map(viewEvent) }, text: '' };
    }
    return { data: null, text: lines(task).join('\n') };
  },
};

function lines(task: TaskDetail): string[] {
  const text = [`${task.key}  ${task.status}  ${oneLine(task.title)}`];
  const put = (name: string, value: string): void => {
    if (value !== '') text.push(`  ${name.padEnd(13)}${value}`);
  };
  put('wanted agent', task.agent === null ? 'any' : `@${task.agent}`);
  put('layer', task.layer === null ? '' : String(task.layer));
  put('needs', task.dependencies.join(', '));
  put('waits for', task.waitingFor.join(', '));
  put('blocks', task.dependants.join(', '));
  put('may change', task.scope.map((glob) => oneLine(glob)).join(', '));
  for (const check of task.checks) put('check', oneLine(check));
  put('held by', task.claim === null ? '' : `${task.claim.agent}, attempt ${task.claim.token}`);
  put('needs you', task.inbox === null ? '' : oneLine(task.inbox.reason));
  put('kept back', task.hold === null ? '' : oneLine(task.hold.why));
  put('proof', proof(task));
  put('pull request', task.pullRequest === null ? '' : `#${task.pullRequest.number} ${task.pullRequest.status}`);
  put('advice', oneLine(task.advice ?? ''));
  for (const one of task.conflicts)
    put('will conflict', oneLine(`with ${one.with ?? 'its target'} in ${one.paths.join(', ')}`, 200));
  for (const child of task.children) put('child', `${child.id} ${child.status} ${oneLine(child.title)}`);
  if (task.body !== '')
    text.push(
      '',
      ...printable(task.body)
        .split('\n')
        .map((line) => `  ${line}`),
    );
  if (task.tries.length > 0) text.push('', 'Attempts');
  for (const one of task.tries) {
    const took =
      one.endedAt === null ? 'running' : `${one.outcome ?? 'ended'} after ${duration(one.endedAt - one.startedAt)}`;
    text.push(`  ${one.token}  ${one.agent}  ${took}${one.reason === null ? '' : `: ${oneLine(one.reason, 100)}`}`);
  }
  text.push(
    '',
    'Last events',
    ...task.events.map(({ seq, at, actor, body }) => `  ${seq}  ${new Date(at).toISOString()}  ${actor}  ${body.type}`),
  );
  return text;
}

function proof({ evidence, landing }: TaskDetail): string {
  if (evidence === null) return '';
  if (evidence.commit === null) return `no changes: ${oneLine(evidence.noChanges ?? '')}`;
  const landed = typeof landing?.landedAs === 'string' ? `, landed as ${landing.landedAs.slice(0, 12)}` : '';
  return `${evidence.commit.slice(0, 12)} by ${evidence.agent}, ${evidence.commits} commits, ${evidence.files} files${landed}`;
}
