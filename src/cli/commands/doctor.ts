import type { Command } from '../command.ts';
import { painter } from '../output.ts';

export const command: Command = {
  summary: 'Look whether everything that Orbit needs is there.',
  usage: ['doctor'],
  examples: [['orbit doctor', 'Node.js, git, repository, store, settings, agents']],
  flags: {},
  words: { min: 0, max: 0, names: '' },
  async run(_input, around) {
    const { examine } = await import('../doctor.ts');
    const looks = await examine(around);
    const paint = painter(around.environment);
    const marks = { good: paint('good', 'green'), bad: paint('bad ', 'red'), note: paint('note', 'yellow') };
    const lines = looks.flatMap(({ what, state, text, hint }) => [
      `${marks[state]}  ${what}: ${text}`,
      ...(hint === '' ? [] : [`      ${hint}`]),
    ]);
    const bad = looks.filter(({ state }) => state === 'bad').length;
    lines.push('', bad === 0 ? 'Everything is in order.' : `${bad} to mend.`);
    return { data: { healthy: bad === 0, looks }, text: lines.join('\n'), exitCode: bad === 0 ? 0 : 1 };
  },
};
