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
    const [{ openRunner }, { runAttempt }] = await Promise.all([
      import('../../compose.ts'),
      import('../../runner/attempt.ts'),
    ]);
    const release = new AbortController();
    const { ports, close } = await openRunner({
      directory: around.directory,
      environment: around.environment,
      release: release.signal,
      warn: around.warn,
    });
    const stop = (): void => release.abort({ as: 'released', reason: 'asked to stop' });
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, stop);
    await runAttempt(ports, token);
    await close();
    return { data: null, text: '' };
  },
};
