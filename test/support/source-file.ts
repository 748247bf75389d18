/** Reads source files as syntax trees, for the tests that judge the code itself. Knows nothing of Orbit's rules. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from 'rolldown/utils';

/** A node of the syntax tree (ESTree, with TypeScript's nodes), as far as the tests look at it. */
export interface SyntaxNode {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly [field: string]: unknown;
}

/** One parsed file; `path` is relative to the repository's root, with forward slashes. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  readonly lineCount: number;
  readonly comments: readonly string[];
  /** Every node of the tree, parents before children, with the node that holds it. */
  readonly nodes: readonly { readonly node: SyntaxNode; readonly parent: SyntaxNode | undefined }[];
}

/** Paths of the files under `folder` (relative to the working directory) that match `pattern`; none when it is missing. */
export function listFiles(folder: string, pattern: RegExp): string[] {
  if (!existsSync(folder)) return [];
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'));
  return files.filter((path) => pattern.test(path) && !/(^|\/)(node_modules|fixtures|dist)\//.test(path)).toSorted();
}

/** Parses one file. Throws when it does not parse. */
export function readSource(path: string): SourceFile {
  return parseSource(path, readFileSync(path, 'utf8'));
}

/** Parses `text` as if it stood at `path`. Throws when it does not parse. */
export function parseSource(path: string, text: string): SourceFile {
  const { program, comments, errors } = parseSync(path, text);
  if (errors.length > 0) throw new Error(`${path} does not parse: ${errors[0]?.message}`);
  const nodes: { node: SyntaxNode; parent: SyntaxNode | undefined }[] = [];
  collect(program, undefined, nodes);
  const lineCount = text.split('\n').length - (text.endsWith('\n') ? 1 : 0);
  return { path, text, lineCount, comments: comments.map((comment) => comment.value), nodes };
}

/** Every module that the file names: static and dynamic imports, type imports, re-exports. */
export function importsOf(file: SourceFile): string[] {
  const holders = /^(ImportDeclaration|ExportNamedDeclaration|ExportAllDeclaration|ImportExpression|TSImportType)$/;
  return file.nodes.flatMap(({ node }) => {
    if (!holders.test(node.type)) return [];
    const source = node['source'];
    return isNode(source) && typeof source['value'] === 'string' ? [source['value']] : [];
  });
}

/** The path from the root that a relative import points at; undefined for a package. */
export function resolveImport(file: SourceFile, specifier: string): string | undefined {
  return specifier.startsWith('.') ? normalize(join(dirname(file.path), specifier)).replaceAll('\\', '/') : undefined;
}

/** Line (from 1) at which a node starts, and how many lines it covers. */
export function linesOf(file: SourceFile, node: SyntaxNode): { line: number; lines: number } {
  const line = file.text.slice(0, node.start).split('\n').length;
  return { line, lines: file.text.slice(node.start, node.end).split('\n').length };
}

/** Whether a value found in a node's field is a node itself. */
export function isNode(value: unknown): value is SyntaxNode {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
}

function collect(
  value: unknown,
  parent: SyntaxNode | undefined,
  found: { node: SyntaxNode; parent: SyntaxNode | undefined }[],
): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, parent, found);
    return;
  }
  if (!isNode(value)) return;
  found.push({ node: value, parent });
  for (const field of Object.values(value)) collect(field, value, found);
}
