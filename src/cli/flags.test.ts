import { expect, test } from 'vitest';
import type { Command } from './command.ts';
import { readInput, verbFirst } from './flags.ts';

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

test('flags of every command may stand before the verb, as with git', () => {
  expect(verbFirst(['-C', 'dir', '--json', 'list', '--plan', '1'])).toEqual([
    'list',
    '-C',
    'dir',
    '--json',
    '--plan',
    '1',
  ]);
  expect(verbFirst(['--directory=dir', 'list'])).toEqual(['list', '--directory=dir']);
  for (const same of [['list', '--json'], ['--help'], ['--json'], ['--plan', '1', 'list'], ['--', 'list'], []])
    expect(verbFirst(same)).toEqual(same);
});

test('a number may have to be whole and large enough', () => {
  const limited = { ...command, flags: { limit: { kind: 'number', least: 1, about: 'A number.' } as const } };
  const read = (text: string): number | null => readInput('try', limited, ['T1', '--limit', text]).number('limit');
  expect(read('1')).toBe(1);
  for (const wrong of ['0', '-1', '1.5']) expect(() => read(wrong)).toThrow(/--limit needs a whole number from 1 on/);
});
