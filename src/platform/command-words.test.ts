import { expect, test } from 'vitest';
import * as fc from 'fast-check';
import { parseCommands } from './command-words.ts';

const cases: [line: string, words: string[][]][] = [
  ['npm test', [['npm', 'test']]],
  ['  npm   run\tlint ', [['npm', 'run', 'lint']]],
  [
    'npm ci && npm test&&echo done',
    [
      ['npm', 'ci'],
      ['npm', 'test'],
      ['echo', 'done'],
    ],
  ],
  [`grep -q 'a && b | c' file`, [['grep', '-q', 'a && b | c', 'file']]],
  [`echo "two words" ""`, [['echo', 'two words', '']]],
  [String.raw`echo "a \"b\" \\ \n" c\ d \*`, [['echo', String.raw`a "b" \ \n`, 'c d', '*']]],
  [`echo pre'fix'"ed"`, [['echo', 'prefixed']]],
  [`sh -c 'a | b > c; $D'`, [['sh', '-c', 'a | b > c; $D']]],
  ['echo a=b --x=y a#b a~b {} [ ] ! -', [['echo', 'a=b', '--x=y', 'a#b', 'a~b', '{}', '[', ']', '!', '-']]],
  [`echo '&&' "&&"`, [['echo', '&&', '&&']]],
];

for (const [line, words] of cases) {
  test(`P11 cuts ${line}`, () => {
    expect(parseCommands(line)).toEqual(words.map(([program, ...args]) => ({ program, args, environment: {} })));
  });
}

test('variables before a program belong to that command alone; quoted ones are words', () => {
  expect(parseCommands(`CI=1 NAME='a b' npm test && 'X=1' y`)).toEqual([
    { program: 'npm', args: ['test'], environment: { CI: '1', NAME: 'a b' } },
    { program: 'X=1', args: ['y'], environment: {} },
  ]);
});

for (const [line, part] of [
  ['a | b', 'a pipe'],
  ['a || b', 'a pipe'],
  ['a & b', 'the background operator &'],
  ['! grep -q x src', 'the negation !'],
  ['a; b', 'the separator ;'],
  ['a > b', 'a redirection'],
  ['a < b', 'a redirection'],
  ['(a)', 'a subshell'],
  ['echo $HOME', 'a variable'],
  ['echo "$HOME"', 'a variable'],
  ['echo `a`', 'a command substitution'],
  ['rm *.log', 'a file pattern'],
  ['ls ~/x', 'a home directory'],
  ['a # b', 'a comment'],
  ['a\nb', 'a line break'],
] as const) {
  test(`P11 refuses ${JSON.stringify(line)} and says what to do instead`, () => {
    const answer = parseCommands(line) as { fault: string };
    expect(answer.fault).toContain(part);
    expect(answer.fault).toContain("sh -c '...'");
  });
}

for (const line of ['', '   ', '&& a', 'a &&', 'a && && b', `a 'b`, 'a "b', 'a \\', 'A=1', 'A=1 && b']) {
  test(`P11 refuses ${JSON.stringify(line)}`, () => {
    expect(parseCommands(line)).toHaveProperty('fault');
  });
}

test('whatever is quoted comes out as it went in', () => {
  const quoted = (text: string): string => `'${text.replaceAll("'", String.raw`'\''`)}'`;
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1 }), (words) => {
      const [program, ...args] = words;
      expect(parseCommands(words.map(quoted).join(' '))).toEqual([{ program, args, environment: {} }]);
    }),
  );
});

test('I20 any line is an answer, never an exception', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (line) => {
      const answer = parseCommands(line);
      expect('fault' in answer || answer.length > 0).toBe(true);
    }),
  );
});
