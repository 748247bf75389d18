import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Recompute the hash chain over the whole log: whether anybody edited it.',
  usage: ['verify'],
  examples: [['orbit verify && echo intact', 'exit code 1 and the first event that does not fit, if somebody did']],
  flags: {},
  words: { min: 0, max: 0, names: '' },
  async run(_input, around) {
    const { store } = await around.project();
    const firstBad = await store.verifyLog();
    const events = await store.lastSeq();
    const isIntact = firstBad === null;
    const text = isIntact
      ? `All ${events} events fit together.`
      : `Event ${firstBad} was changed or is missing its neighbour.`;
    return { data: { intact: isIntact, firstBad, events }, text, exitCode: isIntact ? 0 : 1 };
  },
};
