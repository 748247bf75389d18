import { availableCommand } from '../available-verb.ts';
import type { Command } from '../command.ts';

export const command: Command = availableCommand({
  verb: 'list-available',
  usage: ['list-available --for NAME [--plan PLAN]'],
  examples: [['orbit-agent list-available --for claude', 'over all plans']],
});
