import { callerOf } from '../../actions/caller.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Serve the verbs of agents as an MCP server on standard input and output.',
  usage: ['mcp'],
  examples: [
    ['claude mcp add orbit -- orbit mcp', "Orbit's tools in a session of your own: they look"],
    ['orbit mcp', 'inside an attempt: its task, progress, questions, completion; ends with its input'],
  ],
  flags: {},
  words: { min: 0, max: 0, names: '' },
  async run(_input, around) {
    const { kind } = callerOf(around.environment);
    const { serveMcp } = await import('../../mcp/server.ts');
    await serveMcp({
      role: kind,
      open: around.project,
      input: process.stdin,
      output: process.stdout,
      log: around.warn,
    });
    return { data: null, text: '' };
  },
};
