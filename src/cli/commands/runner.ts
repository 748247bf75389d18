import { UsageError } from '../../platform/error.ts';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Host one attempt; started by orbit run.',
  usage: ['runner TOKEN'],
  examples: [],
  flags: {},
  words: { min: 1, max: 1, names: 'a token' },
  async run(input, around) {
    const token = Number(input.words[0]);
    if (!Number.isSafeInteger(token) || token < 1)
      throw new UsageError(
        'unknown-attempt',
        `${JSON.stringify(input.words[0])} is no token`,
        'orbit run starts runners',
      );
    const [{ openRunner }, { hostAttempt }] = await Promise.all([
      import('../../compose-run.ts'),
      import('../../runner/host.ts'),
    ]);
    const { directory, environment, warn } = around;
    const exitCode = await hostAttempt(
      token,
      async (release) => openRunner({ directory, environment, release, warn }),
      warn,
    );
    return { data: null, text: '', exitCode };
  },
};
