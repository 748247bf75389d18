import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Play a script as an agent; started by the scripted adapter.',
  usage: ['scripted-agent FILE'],
  examples: [],
  flags: {},
  words: { min: 1, max: 1, names: 'a script' },
  async run(input) {
    const { playScript } = await import('../../compose.ts');
    return { data: null, text: '', exitCode: await playScript(input.words[0] ?? '') };
  },
};
