import type { Command } from '../command.ts';
import { pauseVerb } from '../pause-verb.ts';

export const command: Command = pauseVerb({
  verb: 'resume',
  paused: false,
  summary: 'Go on with a paused plan or task.',
  examples: [
    ['orbit resume 001', 'the plan'],
    ['orbit resume', 'all plans'],
  ],
});
