import type { ConflictPair } from '../../actions/present-conflicts.ts';
import { oneLine } from '../../platform/text.ts';
import type { Command } from '../command.ts';
import { heldLines } from '../held-words.ts';
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
    const { presentConflicts } = await import('../../actions/present-conflicts.ts');
    const conflicts = await presentConflicts(context, { plan: input.text('plan') });
    const { listWishes } = await import('../../actions/widen-scope.ts');
    const wishes = (await listWishes(context, input.text('plan'))).filter(({ holder }) => holder === null);
    if (around.json) return { data: { tasks: told, held, wishes, messages, agents, conflicts }, text: '' };
    const { postMortemLines } = await import('../post-mortem-words.ts');
    // Several for one cause are told together: where nobody tried, there is nothing else to say of each.
    const groups = Map.groupBy(told, ({ key, reason, postMortem }) =>
      postMortem.attempts.length > 0 ? key : (reason ?? ''),
    );
    const lines = [...groups.values()].map((group) => {
      const [{ key, reason, postMortem }] = group as [(typeof told)[number]];
      const one = group.length === 1 ? key : 'TASK';
      return [
        ...group.map(({ key: each, title }) => `${each}  ${oneLine(title, 60)}`),
        `  ${oneLine(reason ?? '', 200)}`,
        ...(postMortem.attempts.length > 0
          ? postMortemLines(postMortem)
          : [`  orbit retry ${one} --advice "…", orbit close ${one} or orbit cancel ${one}`]),
      ].join('\n');
    });
    for (const { agent, why } of agents) lines.push(`${oneLine(why, 300)}\n  then: orbit agents check ${agent}`);
    lines.push(...heldLines(held));
    lines.push(...wishes.map(wishLine));
    if (messages.length > 0) lines.push(`${count(messages.length, 'message')}: orbit read --for person`);
    if (lines.length === 0) lines.push('Nothing waits for you.');
    return { data: null, text: [...lines, ...conflictLines(conflicts)].join('\n') };
  },
};

/** Information, nothing to answer: the agents at work know, and the landing queue sends back what does not fit. */
function conflictLines(conflicts: readonly ConflictPair[]): string[] {
  if (conflicts.length === 0) return [];
  const told = conflicts.map(({ task, with: other, paths }) => {
    const where = oneLine(paths.join(', '), 160);
    return `  ${task} and ${other ?? 'its target'} in ${where}`;
  });
  return [`${count(conflicts.length, 'conflict')} ahead, told to the agents at work (orbit why TASK):`, ...told];
}
