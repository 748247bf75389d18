import { oneLine } from '../../platform/text.ts';
import type { Command } from '../command.ts';
import { heldLine } from '../held-words.ts';
import { count } from '../words.ts';
import { wishLine } from './scope.ts';

export const command: Command = {
  summary: 'What waits for you: questions, tasks given up, held landings, missing logins, messages.',
  usage: ['inbox [--plan PLAN]'],
  examples: [['orbit inbox', 'each with the command that answers it']],
  flags: { plan: { kind: 'text', value: 'PLAN', about: 'Only this plan.' } },
  words: { min: 0, max: 0, names: '' },
  async run(input, around) {
    const context = await around.project();
    const { listTasks } = await import('../../actions/list-tasks.ts');
    const tasks = await listTasks(context, { plan: input.text('plan'), agent: null, status: ['needs-you'] });
    const messages = await context.store.messages({ to: 'person' });
    const { agentsWithoutLogin, explainInbox } = await import('../../actions/explain-inbox.ts');
    const told = await explainInbox(context, tasks);
    const { listHeld } = await import('../../actions/list-held.ts');
    const held = await listHeld(context, input.text('plan'));
    const agents = await agentsWithoutLogin(context);
    const { listWishes } = await import('../../actions/widen-scope.ts');
    const wishes = (await listWishes(context, input.text('plan'))).filter(({ holder }) => holder === null);
    if (around.json) return { data: { tasks: told, held, wishes, messages, agents }, text: '' };
    const { postMortemLines } = await import('../post-mortem-words.ts');
    const lines = told.map(({ key, title, reason, postMortem }) =>
      [
        `${key}  ${oneLine(title, 60)}`,
        `  ${oneLine(reason ?? '', 200)}`,
        ...(postMortem.attempts.length > 0
          ? postMortemLines(postMortem)
          : [`  orbit retry ${key} --advice "…", orbit close ${key} or orbit cancel ${key}`]),
      ].join('\n'),
    );
    for (const { agent, why } of agents) lines.push(`${oneLine(why, 300)}\n  then: orbit agents check ${agent}`);
    for (const one of held)
      lines.push(`${one.plan}  ${count(one.tasks.length, 'landing')} of ${one.tasks.join(', ')}\n  ${heldLine(one)}`);
    lines.push(...wishes.map(wishLine));
    if (messages.length > 0) lines.push(`${count(messages.length, 'message')}: orbit read --for person`);
    return { data: null, text: lines.length === 0 ? 'Nothing waits for you.' : lines.join('\n') };
  },
};
