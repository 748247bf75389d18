import { expect, test } from 'vitest';
import type { Command } from './command.ts';
import { readInput } from './flags.ts';

const command: Pick<Command, 'flags' | 'words' | 'usage'> = {
  usage: ['try WORD'],
  flags: {
    plan: { kind: 'text', about: 'A plan.' },
    limit: { kind: 'number', about: 'A number.' },
    scope: { kind: 'texts', about: 'Globs.' },
    all: { kind: 'switch', about: 'All.' },
  },
  words: { min: 1, max: 2, names: 'a word' },
};

test('flags and words in any order', () => {
  const input = readInput('try', command, [
    '--plan=001',
    'T1',
    '--scope',
    'a',
    '--all',
    '--scope=b',
    '--limit',
    '-3',
    '-C',
    '/x',
    '--',
    '--rest',
  ]);
  expect([
    input.words,
    input.rest,
    input.text('plan'),
    input.number('limit'),
    input.texts('scope'),
    input.has('all'),
    input.text('directory'),
  ]).toEqual([['T1'], ['--rest'], '001', -3, ['a', 'b'], true, '/x']);
  expect([input.has('json'), input.text('nothing'), input.number('nothing')]).toEqual([false, null, null]);
});

const refused: [args: string[], says: string][] = [
  [[], 'needs a word'],
  [['a', 'b', 'c d'], '"c d" is too much'],
  [['a', '--plam', 'x'], 'did you mean --plan?'],
  [['a', '--zzzzzz'], 'unknown flag --zzzzzz'],
  [['a', '-x'], 'unknown flag -x'],
  [['a', '--plan'], '--plan needs a value'],
  [['a', '--all=yes'], '--all takes no value'],
  [['a', '--__proto__'], 'unknown flag --__proto__'],
];

for (const [args, says] of refused) {
  test(`${args.join(' ')} is refused`, () => expect(() => readInput('try', command, args)).toThrow(says));
}

test('a number that is none is refused when it is asked for', () => {
  expect(() => readInput('try', command, ['a', '--limit', 'many']).number('limit')).toThrow(
    'needs a number, not "many"',
  );
});

test('help is shown although words are missing', () => {
  expect(readInput('try', command, ['--help']).has('help')).toBe(true);
});
