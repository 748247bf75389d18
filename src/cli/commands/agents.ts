import { oneLine } from '../../platform/text.ts';
import type { Command } from '../command.ts';
import { columns } from '../output.ts';
import { duration } from '../words.ts';

export const command: Command = {
  summary: 'Who works on what now.',
  usage: ['agents'],
  examples: [['orbit agents --json', 'status, step, process and branch of each live attempt']],
  flags: {},
  words: { min: 0, max: 0, names: '' },
  async run(_input, around) {
    const context = await around.project();
    const { listAgents } = await import('../../actions/list-agents.ts');
    const agents = await listAgents(context);
    const rows = agents.map((one) => [
      one.agent,
      `${one.plan}/${one.task}`,
      one.status,
      one.byHand ? 'by hand' : `step ${one.step}`,
      one.pid === null ? '' : `pid ${one.pid}`,
      `quiet for ${duration(one.quietMs)}`,
      one.branch ?? '',
      oneLine(one.doing, 60),
    ]);
    return { data: { agents }, text: rows.length === 0 ? 'Nobody is at work.' : columns(rows).join('\n') };
  },
};
