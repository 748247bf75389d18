import { availableCommand } from '../available-verb.ts';
import type { Command } from '../command.ts';

export const command: Command = availableCommand({
  verb: 'available-tasks',
  usage: ['available-tasks PLAN --agent NAME'],
  examples: [['orbit-agent available-tasks 001 --agent claude', 'what claude may start, then what it has to wait for']],
});
