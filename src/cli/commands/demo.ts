import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Watch Orbit work on a small repository, with scripted agents and no account.',
  usage: ['demo [DIR] [--remove]'],
  examples: [['orbit demo', '26 tasks, four agents; some crash, lie, leave their scope, hang and ask']],
  flags: { remove: { kind: 'switch', about: 'Remove the repository at the end.' } },
  words: { min: 0, max: 1, names: 'a directory' },
  async run(input, around) {
    const [{ runDemo }, { orbitProgram }] = await Promise.all([
      import('../../demo/demo.ts'),
      import('../../compose.ts'),
    ]);
    const exitCode = await runDemo({
      directory: input.words[0] ?? null,
      remove: input.has('remove'),
      json: around.json,
      program: orbitProgram(),
      say: around.json ? around.warn : (text) => around.write(`${text}\n`),
    });
    return { data: null, text: '', exitCode };
  },
};
