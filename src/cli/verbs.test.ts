/** What the commands say about themselves agrees with the documents. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { keys, type Keys } from '../platform/settings-key.ts';
import { about } from './help.ts';
import { groups, verbs } from './verbs.ts';

const cli = readFileSync('docs/cli.md', 'utf8');

for (const [verb, { group, load }] of Object.entries(verbs)) {
  test(`orbit ${verb} has a summary, its words, and a place in docs/cli.md`, async () => {
    const command = await load();
    expect(command.summary).toMatch(/^[A-Z][^\n]{10,90}\.$/);
    expect(command.usage[0]).toMatch(new RegExp(`^${verb}( |$)`));
    const { text } = about(verb, command);
    for (const [name, flag] of Object.entries(command.flags)) {
      expect(text).toContain(`--${name}`);
      expect(flag.about).toMatch(/\.$/);
    }
    if (group === null) return;
    expect(groups).toContain(group);
    const from = cli.indexOf(`\n### ${verb}\n`);
    expect(from, `write ### ${verb} into docs/cli.md`).toBeGreaterThan(0);
    const section = cli.slice(from, cli.indexOf('\n### ', from + 1));
    expect(section).toContain(command.summary);
    for (const name of Object.keys(command.flags)) expect(section, `orbit ${verb} --${name}`).toContain(`\`--${name}`);
    expect(command.examples.length).toBeGreaterThan(0);
  });
}

test('every key of the settings stands in docs/settings.md', () => {
  const text = readFileSync('docs/settings.md', 'utf8');
  for (const path of paths(keys, [])) expect(text).toContain(`| \`${path}\` |`);
});

test('every code of an error stands in docs/errors.md', () => {
  const list = readFileSync('docs/errors.md', 'utf8');
  const codes = ['src/core/rejection.ts', 'src/platform/error.ts'].flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/^ {2}\| '([a-z-]+)'/gm)].map(([, code]) => code ?? ''),
  );
  expect(codes.length).toBeGreaterThan(50);
  expect(codes.filter((code) => !list.includes(`| \`${code}\` |`))).toEqual([]);
});

function paths(table: Keys, above: readonly string[]): string[] {
  return Object.entries(table).flatMap(([name, key]) => {
    const path = [...above, name];
    if (key.kind === 'group') return paths(key.keys, path);
    return key.kind === 'named' ? paths(key.keys, [...path, '<name>']) : [path.join('.')];
  });
}
