import { expect, test } from 'vitest';
import { withBlock } from './agents-file.ts';

const block = '<!-- orbit:start -->\nnew\n<!-- orbit:end -->';

const cases: [name: string, text: string | null, result: string][] = [
  ['no file', null, `${block}\n`],
  ['an empty file', '  \n', `${block}\n`],
  ['a file without markers', '# Mine\nText', `# Mine\nText\n\n${block}\n`],
  ['an older block', `before\n<!-- orbit:start -->\nold\nold\n<!-- orbit:end -->\nafter`, `before\n${block}\nafter`],
  [
    'Windows line ends',
    'a\r\n<!-- orbit:start -->\r\nold\r\n<!-- orbit:end -->\r\nb\r\n',
    `a\r\n${block.replaceAll('\n', '\r\n')}\r\nb\r\n`,
  ],
];

for (const [name, text, result] of cases) {
  test(`A11 the block in ${name} is set, all else stays`, () => {
    expect(withBlock(text, 'new', 'AGENTS.md')).toBe(result);
    expect(withBlock(result, 'new', 'AGENTS.md')).toBe(result);
  });
}

for (const text of [
  '<!-- orbit:start -->\nx',
  'x\n<!-- orbit:end -->',
  '<!-- orbit:end -->\n<!-- orbit:start -->',
  `${block}\n${block}`,
]) {
  test(`A11 markers that do not pair are refused with their line: ${JSON.stringify(text)}`, () => {
    expect(() => withBlock(text, 'new', 'AGENTS.md')).toThrow(/^AGENTS\.md:\d+: /);
  });
}
