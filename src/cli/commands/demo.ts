import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'See Orbit at work: 26 tasks, 4 agents, some of which misbehave. Needs no account.',
  usage: ['demo [DIRECTORY] [--remove]'],
  examples: [
    ['orbit demo', 'in a new temporary directory, kept for a look'],
    ['orbit demo ~/try-orbit', 'there'],
  ],
  flags: { remove: { kind: 'switch', about: 'Remove the repository at the end.' } },
  words: { min: 0, max: 1, names: 'a directory' },
  async run(input, around) {
    const [{ runDemo }, { orbitProgram }] = await Promise.all([import('../../demo/demo.ts'), import('../../compose.ts')]);
    const exitCode = await runDemo({
      directory: input.words[0] ?? null,
      remove: input.has('remove'),
      json: around.json,
      program: orbitProgram(),
      say: (text) => {
        if (!around.json) around.write(`${text}\n`);
      },
    });
    // The question is part of the show: a run that ends with it is a demo that went well.
    return { data: null, text: '', exitCode: exitCode === 4 ? 0 : exitCode };
  },
};
