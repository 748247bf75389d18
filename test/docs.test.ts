/** Documents that state what the code does are compared with it, so that neither can change alone. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { taskStatuses } from '../src/core/status.ts';
import { readSource, type SyntaxNode } from './support/source-file.ts';

const states = readFileSync('docs/states.md', 'utf8');

/** The values of the property `type` in the unions of a file. */
function typesIn(path: string): string[] {
  const named = readSource(path).nodes.filter(
    ({ node }) => node.type === 'TSPropertySignature' && nameOf(node) === 'type',
  );
  return [...new Set(named.flatMap(({ node }) => literalsIn(node['typeAnnotation'])))];
}

/** The strings of the union that a file declares under this name. */
function unionIn(path: string, name: string): string[] {
  const declared = readSource(path).nodes.filter(
    ({ node }) => node.type === 'TSTypeAliasDeclaration' && (node['id'] as SyntaxNode)['name'] === name,
  );
  return declared.flatMap(({ node }) => literalsIn(node['typeAnnotation']));
}

function nameOf(node: SyntaxNode): unknown {
  return (node['key'] as SyntaxNode)['name'];
}

function literalsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(literalsIn);
  if (typeof value !== 'object' || value === null) return [];
  const node = value as SyntaxNode;
  if (node.type === 'Literal') return typeof node['value'] === 'string' ? [node['value']] : [];
  return ['typeAnnotation', 'literal', 'types'].flatMap((field) => literalsIn(node[field]));
}

/** Names that the page never writes in backquotes. */
function missing(names: readonly string[]): string[] {
  return names.filter((name) => !states.includes(`\`${name}\``));
}

test('docs/states.md has every status, in the table and in both pictures', () => {
  expect(missing(taskStatuses)).toEqual([]);
  const [, mermaid = '', drawing = ''] = /```mermaid\n(.*?)```.*?```\n(.*?)```/s.exec(states) ?? [];
  for (const status of taskStatuses) {
    expect(mermaid).toContain(status);
    expect(drawing).toContain(status);
  }
});

test('docs/states.md has every event, every command, and every kind of inbox item', () => {
  const events = typesIn('src/core/event.ts');
  const commands = typesIn('src/core/command.ts');
  const kinds = unionIn('src/core/task.ts', 'InboxKind');
  expect([events.length, commands.length, kinds.length].every((count) => count >= 8)).toBe(true);
  expect(missing([...events, ...commands, ...kinds])).toEqual([]);
});

test('docs/states.md names nothing that the code does not have', () => {
  const rows = states.split('\n').filter((line) => /^\| `[a-z-]+` \|/.test(line));
  const named = rows.flatMap((line) => /`([a-z-]+)`/.exec(line)?.[1] ?? []);
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => !typesIn('src/core/event.ts').includes(name))).toEqual([]);
});
