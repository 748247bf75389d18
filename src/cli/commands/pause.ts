import type { Command } from '../command.ts';
import { pauseVerb } from '../pause-verb.ts';

export const command: Command = pauseVerb({
  verb: 'pause',
  paused: true,
  summary: 'Give out nothing new of a plan, or keep one task back; what runs goes on.',
  examples: [
    ['orbit pause 001', 'the plan'],
    ['orbit pause T031 --reason "wait for the design"', 'one task'],
    ['orbit pause 001 --landing --reason "release freeze"', 'agents go on, finished work waits'],
    ['orbit pause', 'all plans'],
  ],
});
