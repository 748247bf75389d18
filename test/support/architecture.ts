/**
 * The walls of the code: which folder may import which, what pure code must not touch, how long things may grow. Each rule is a
 * function from parsed files to sentences, one per breach, that say what to do instead. `architecture.test.ts` runs them all.
 */
import { importsOf, isNode, linesOf, resolveImport, type SourceFile, type SyntaxNode } from './source-file.ts';

const PORTS = ['store', 'agent', 'workspace', 'forge'];
const SURFACES = ['coordinator', 'runner', 'api', 'mcp'];
const BELOW_SURFACES = ['core', 'platform', 'formats', ...PORTS, 'actions'];

/** Folder (or file) of src -> what it may import besides itself. `store/*` stands for each folder of implementations. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  core: [],
  formats: ['core'],
  platform: ['core'],
  ...Object.fromEntries(
    PORTS.flatMap((port) => [
      [port, ['core', 'platform']],
      [`${port}/*`, ['core', 'platform', port]],
    ]),
  ),
  actions: ['core', 'platform', 'formats', ...PORTS],
  ...Object.fromEntries(SURFACES.map((surface) => [surface, BELOW_SURFACES])),
  'compose.ts': [...BELOW_SURFACES, ...SURFACES, ...PORTS.map((port) => `${port}/*`)],
  'compose-forge.ts': [...BELOW_SURFACES, ...SURFACES, ...PORTS.map((port) => `${port}/*`)],
  'compose-run.ts': [...BELOW_SURFACES, ...SURFACES, 'compose.ts', 'compose-forge.ts'],
  'compose-api.ts': [...BELOW_SURFACES, ...SURFACES, 'compose.ts'],
  demo: [...BELOW_SURFACES, ...SURFACES, 'compose.ts'],
  probe: [...BELOW_SURFACES, ...SURFACES, 'compose.ts'],
  cli: [...BELOW_SURFACES, ...SURFACES, 'compose.ts', 'compose-run.ts', 'compose-api.ts', 'demo', 'probe'],
  'index.ts': [...BELOW_SURFACES, ...SURFACES, 'compose.ts'],
};

const PURE = ['core', 'formats'];
const BANNED_IN_PURE = new Set(
  'performance process setTimeout setInterval setImmediate queueMicrotask fetch crypto globalThis console require'.split(
    ' ',
  ),
);
const LINES_MAX = { source: 300, test: 600, function: 70 };

/** The row of `MAY_IMPORT` that a path of src belongs to: `core`, `store`, `store/*`, `compose.ts`. */
function rowOf(path: string): string {
  const [folder = '', second, third] = path.split('/').slice(1);
  return PORTS.includes(folder) && second !== undefined && third !== undefined ? `${folder}/*` : folder;
}

const isTest = (file: SourceFile): boolean => file.path.endsWith('.test.ts') || file.path.startsWith('test/');
const folderOf = (path: string): string => path.split('/').slice(0, 3).join('/');

/** Imports that go up or sideways. Tests may import what they like. */
export function forbiddenImports(files: readonly SourceFile[]): string[] {
  return sources(files).flatMap((file) => {
    const row = rowOf(file.path);
    const allowed = MAY_IMPORT[row];
    if (allowed === undefined)
      return [`${file.path}: src/${row} has no row in test/support/architecture.ts; add one, or move the file`];
    return importsOf(file).flatMap((specifier) => {
      const target = resolveImport(file, specifier);
      if (target === undefined)
        return PURE.includes(row)
          ? [
              `${file.path} imports ${specifier}: ${row} imports no package and no node: module; pass the value in as an argument`,
            ]
          : [];
      if (!target.startsWith('src/'))
        return [`${file.path} imports ${target}: code under src imports nothing outside src`];
      const wanted = rowOf(target);
      if (wanted === row && (!row.endsWith('/*') || folderOf(target) === folderOf(file.path))) return [];
      if (allowed.includes(wanted) && wanted !== row) return [];
      const advice = wanted.endsWith('/*')
        ? 'only compose.ts names implementations; use the port'
        : `it may import: ${allowed.join(', ') || 'nothing'}`;
      return [`${file.path} imports ${target}: not allowed from ${row}; ${advice}`];
    });
  });
}

/** Clocks, randomness and the outside world in code that has to be pure. */
export function impurities(files: readonly SourceFile[]): string[] {
  return sources(files)
    .filter((file) => PURE.includes(rowOf(file.path)))
    .flatMap((file) =>
      file.nodes.flatMap(({ node, parent }) => {
        const name = impurity(node, parent);
        return name === undefined
          ? []
          : [
              `${at(file, node)} uses ${name}: ${rowOf(file.path)} is pure; take the time, the id or the number as an argument`,
            ];
      }),
    );
}

function impurity(node: SyntaxNode, parent: SyntaxNode | undefined): string | undefined {
  if (node.type === 'MemberExpression' || node.type === 'TSQualifiedName') {
    const name = `${nameOf(node['object'])}.${nameOf(node['property'])}`;
    return name === 'Date.now' || name === 'Math.random' ? name : undefined;
  }
  if (node.type === 'NewExpression' && nameOf(node['callee']) === 'Date' && isEmpty(node['arguments']))
    return 'new Date()';
  if (node.type === 'CallExpression' && nameOf(node['callee']) === 'Date') return 'Date()';
  if (node.type !== 'Identifier' || !BANNED_IN_PURE.has(nameOf(node))) return undefined;
  const isMemberName =
    parent !== undefined && parent['computed'] !== true && (parent['property'] === node || parent['key'] === node);
  return isMemberName && parent['shorthand'] !== true ? undefined : nameOf(node);
}

/** Rings of imports, each told once. */
export function cycles(files: readonly SourceFile[]): string[] {
  const edges = new Map(
    files.map((file) => [file.path, importsOf(file).flatMap((name) => resolveImport(file, name) ?? [])]),
  );
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const index = trail.indexOf(path);
    if (index >= 0)
      found.push(
        `import cycle ${[...trail.slice(index), path].join(' -> ')}: move what both need to a file below them`,
      );
    if (index >= 0 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const file of files) visit(file.path, []);
  return found;
}

/** Files and functions that grew too long. */
export function tooLong(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => {
    const limit = isTest(file) ? LINES_MAX.test : LINES_MAX.source;
    const found =
      file.lineCount > limit
        ? [`${file.path} has ${file.lineCount} lines, the limit is ${limit}: split it by concept`]
        : [];
    if (file.path.endsWith('.test.ts')) return found;
    for (const { node } of file.nodes) {
      if (!/^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(node.type)) continue;
      const { lines } = linesOf(file, node);
      if (lines > LINES_MAX.function)
        found.push(`${at(file, node)}: function of ${lines} lines, the limit is ${LINES_MAX.function}: name its steps`);
    }
    return found;
  });
}

/** Small habits: no barrels, no open ends in comments, no shell. */
export function badHabits(files: readonly SourceFile[]): string[] {
  return files.flatMap((file) => [
    ...(/^src\/.+\/index\.ts$/.test(file.path)
      ? [`${file.path}: no barrels; import the file that owns the thing`]
      : []),
    ...(file.comments.some((text) => /\b(TODO|FIXME|XXX)\b/.test(text))
      ? [`${file.path} leaves a TODO: do it now, or drop it`]
      : []),
    ...file.nodes.flatMap(({ node }) =>
      shellUse(node).map(
        (what) => `${at(file, node)} ${what}: start programs with spawn or execFile and an argument list`,
      ),
    ),
  ]);
}

function shellUse(node: SyntaxNode): string[] {
  if (node.type === 'Property' && nameOf(node['key']) === 'shell') {
    const value = isNode(node['value']) ? node['value']['value'] : undefined;
    return value === true || typeof value === 'string' ? ['starts a shell'] : [];
  }
  if (
    node.type !== 'ImportDeclaration' ||
    !isNode(node['source']) ||
    !/^(node:)?child_process$/.test(String(node['source']['value']))
  )
    return [];
  const specifiers = Array.isArray(node['specifiers']) ? node['specifiers'].filter(isNode) : [];
  return specifiers.flatMap((specifier) => {
    const name = nameOf(specifier['imported']);
    if (specifier.type !== 'ImportSpecifier') return ['imports all of child_process (name what you use)'];
    return name === 'exec' || name === 'execSync' ? [`imports ${name}, which runs a shell`] : [];
  });
}

/** Every error code that the code can answer with: the kebab-case strings given as `code:` in object literals and types. */
export function errorCodes(files: readonly SourceFile[]): Set<string> {
  const codes = new Set<string>();
  for (const file of sources(files)) {
    for (const { node } of file.nodes) {
      if (!/^(Property|TSPropertySignature)$/.test(node.type) || nameOf(node['key']) !== 'code') continue;
      for (const text of stringsIn(node['value'] ?? node['typeAnnotation']))
        if (/^[a-z]+(-[a-z0-9]+)*$/.test(text)) codes.add(text);
    }
  }
  return codes;
}

/** The strings a value may be: of a literal, of both arms of a choice, of a union of literal types. */
function stringsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(stringsIn);
  if (!isNode(value)) return [];
  if (value.type === 'Literal') return typeof value['value'] === 'string' ? [value['value']] : [];
  return ['consequent', 'alternate', 'expression', 'literal', 'types', 'typeAnnotation'].flatMap((field) =>
    stringsIn(value[field]),
  );
}

function sources(files: readonly SourceFile[]): SourceFile[] {
  return files.filter((file) => file.path.startsWith('src/') && !isTest(file));
}

function at(file: SourceFile, node: SyntaxNode): string {
  return `${file.path}:${linesOf(file, node).line}`;
}

function nameOf(value: unknown): string {
  if (!isNode(value)) return '';
  return String(value.type === 'Literal' ? value['value'] : (value['name'] ?? ''));
}

function isEmpty(value: unknown): boolean {
  return Array.isArray(value) && value.length === 0;
}
