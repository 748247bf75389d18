/** P2 P8 S10: what of a change goes to a person. */
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { taskWith } from '../../test/support/core-samples.ts';
import type { PathChange } from './path-change.ts';
import { risksOf, textsNeeded, unordered } from './risk.ts';

const file = '100644';
const script = '100755';
const link = '120000';
const repository = '160000';

/** A change whose contents are given as they are: the id of a content is its text. */
function change(
  path: string,
  { from = null, to = 'new' }: { from?: string | null; to?: string | null } = {},
  [oldMode, newMode]: readonly [string, string] = [file, file],
): PathChange {
  const kind = from === null ? 'added' : to === null ? 'deleted' : 'changed';
  return {
    path,
    kind,
    oldMode: from === null ? null : oldMode,
    newMode: to === null ? null : newMode,
    oldId: from,
    newId: to,
  };
}

function risksIn(...changes: PathChange[]): ReturnType<typeof risksOf> {
  return risksOf(changes, new Map(textsNeeded(changes).map((id) => [id, id])));
}

function kinds(...changes: PathChange[]): string[] {
  return risksIn(...changes).map(({ kind }) => kind);
}

const paths: [path: string, kind: string | null][] = [
  ['src/a.ts', null],
  ['README.md', null],
  ['docs/workflows/ci.md', null],
  ['hooks/use-state.ts', null],
  ['.github/ISSUE_TEMPLATE.md', null],
  ['.vscode/extensions.json', null],
  ['.gitignore', null],
  ['package.json.md', null],
  ['src/agents.ts', null],
  ['.gitmodules', 'submodule'],
  ['orbit.config.json', 'orbit-settings'],
  ['.orbit/prompts/implement.md', 'orbit-settings'],
  ['specs/001/agent-tasks/layered-tasks.md', 'orbit-settings'],
  ['.husky/pre-commit', 'git-hooks'],
  ['.githooks/pre-push', 'git-hooks'],
  ['lefthook.yml', 'git-hooks'],
  ['.pre-commit-config.yaml', 'git-hooks'],
  ['.github/workflows/ci.yml', 'ci'],
  ['.github/actions/set-up/action.yml', 'ci'],
  ['.forgejo/workflows/ci.yml', 'ci'],
  ['.gitea/workflows/ci.yml', 'ci'],
  ['.gitlab-ci.yml', 'ci'],
  ['.circleci/config.yml', 'ci'],
  ['ci/Jenkinsfile', 'ci'],
  ['azure-pipelines.yml', 'ci'],
  ['.claude/settings.json', 'agent-settings'],
  ['packages/a/.mcp.json', 'agent-settings'],
  ['.codex/config.toml', 'agent-settings'],
  ['.gemini/settings.json', 'agent-settings'],
  ['.cursor/mcp.json', 'agent-settings'],
  ['opencode.json', 'agent-settings'],
  ['AGENTS.md', 'agent-settings'],
  ['sub/CLAUDE.md', 'agent-settings'],
  ['GEMINI.md', 'agent-settings'],
  ['.vscode/tasks.json', 'editor-settings'],
  ['.devcontainer/devcontainer.json', 'editor-settings'],
  ['.idea/runConfigurations/a.xml', 'editor-settings'],
  ['.envrc', 'shell-settings'],
  ['.npmrc', 'package-settings'],
  ['.yarnrc.yml', 'package-settings'],
  ['.cargo/config.toml', 'package-settings'],
  ['native/binding.gyp', 'install-scripts'],
  // Spellings that some file system takes for the same.
  ['.GitHub/Workflows/ci.yml', 'ci'],
  ['.husky./pre-commit', 'git-hooks'],
  ['.en\u200cvrc', 'shell-settings'],
  ['Claude.md ', 'agent-settings'],
];

for (const [path, kind] of paths) {
  test(`S10 ${JSON.stringify(path)} is ${kind ?? 'no risk'}`, () => {
    expect(kinds(change(path))).toEqual(kind === null ? [] : [kind]);
  });
}

test('P2 a removed workflow is told as removed', () => {
  const [risk] = risksIn(change('.github/workflows/ci.yml', { from: 'old', to: null }));
  expect(risk?.reason).toBe('.github/workflows/ci.yml (removed) is run by continuous integration, with its secrets');
});

const links: [path: string, target: string, kind: string][] = [
  ['a', 'b', 'symlink'],
  ['sub/a', '../b', 'symlink'],
  ['sub/deep/a', '../../b/./c', 'symlink'],
  ['a', '..', 'symlink-outside'],
  ['a', '../b', 'symlink-outside'],
  ['sub/a', '../../b', 'symlink-outside'],
  ['a', '/etc/passwd', 'symlink-outside'],
  ['a', 'C:\\Windows', 'symlink-outside'],
  ['a', 'c:/x', 'symlink-outside'],
  ['a', '.git/hooks/post-checkout', 'symlink-outside'],
  ['sub/a', '../.GIT/config', 'symlink-outside'],
  ['a', 'other/../../x', 'symlink-outside'],
  ['a', 'other/../x', 'symlink-outside'],
];

for (const [path, target, kind] of links) {
  test(`S7 a link ${path} to ${target} is ${kind}`, () => {
    expect(kinds(change(path, { to: target }, [link, link]))).toEqual([kind]);
    expect(kinds(change(path, { from: 'text', to: target }, [file, link]))).toEqual([kind]);
  });
}

test('S7 a link whose target cannot be read counts as one that leaves the repository', () => {
  const [risk] = risksOf([change('a', {}, [link, link])], new Map());
  expect(risk).toMatchObject({ kind: 'symlink-outside', always: true });
});

test('P2 submodules, new, moved and removed', () => {
  expect(kinds(change('lib', {}, [repository, repository]))).toEqual(['submodule']);
  expect(kinds(change('lib', { from: 'a', to: 'b' }, [repository, repository]))).toEqual(['submodule']);
  expect(kinds(change('lib', { from: 'a', to: null }, [repository, repository]))).toEqual(['submodule']);
});

test('P2 a file that becomes executable, and one that was', () => {
  expect(kinds(change('run', {}, [script, script]))).toEqual(['executable']);
  expect(kinds(change('run', { from: 'a', to: 'a' }, [file, script]))).toEqual(['executable']);
  expect(kinds(change('run', { from: 'a', to: 'b' }, [script, script]))).toEqual([]);
  expect(kinds(change('run', { from: 'a', to: 'b' }, [script, file]))).toEqual([]);
});

test('S10 attributes that name drivers, and those that do not', () => {
  const attributes = (from: string | null, to: string): string[] => kinds(change('sub/.gitattributes', { from, to }));
  expect(attributes(null, '* text=auto\n*.png binary\n*.x -diff\n')).toEqual([]);
  expect(attributes(null, '*.x filter=evil\n')).toEqual(['git-attributes']);
  expect(attributes('*.x filter=evil\n', '*.x filter=evil\n*.y text\n')).toEqual([]);
  expect(attributes('*.x filter=lfs\n', '*.x filter=lfs merge=mine\n')).toEqual(['git-attributes']);
  expect(risksIn(change('.gitattributes', { to: '*.x\tdiff=run' }))[0]?.reason).toContain('diff=run');
});

test('S10 scripts that run at install, and those that do not', () => {
  const manifest = (scripts: object, more: object = {}): string => JSON.stringify({ name: 'a', scripts, ...more });
  const risks = (from: string | null, to: string): string[] => kinds(change('package.json', { from, to }));
  expect(risks(null, manifest({ test: 'vitest', build: 'tsc' }))).toEqual([]);
  expect(risks(manifest({ prepare: 'husky' }), manifest({ prepare: 'husky', test: 'x' }))).toEqual([]);
  expect(risks(manifest({ prepare: 'husky' }), manifest({}))).toEqual([]);
  expect(risks(manifest({}), manifest({ postinstall: 'node evil.js' }))).toEqual(['install-scripts']);
  expect(risks(manifest({ prepare: 'husky' }), manifest({ prepare: 'evil' }))).toEqual(['install-scripts']);
  expect(risks(manifest({}), manifest({}, { trustedDependencies: ['evil'] }))).toEqual(['install-scripts']);
  expect(risks(manifest({}), '{ broken')).toEqual(['install-scripts']);
  expect(risksIn(change('package.json', { to: manifest({ install: 'make' }) }))[0]?.reason).toContain('install: make');
});

test('S10 packages of a lockfile that newly run scripts at install', () => {
  const npm = (...scripted: string[]): string => {
    const entries = scripted.map((name) => [`node_modules/${name}`, { hasInstallScript: true }] as const);
    return JSON.stringify({ packages: { '': {}, 'node_modules/plain': {}, ...Object.fromEntries(entries) } });
  };
  const risks = (from: string | null, to: string): string[] => kinds(change('package-lock.json', { from, to }));
  expect(risks(null, npm())).toEqual([]);
  expect(risks(npm('esbuild'), npm('esbuild'))).toEqual([]);
  expect(risks(npm('esbuild'), npm('esbuild', 'evil'))).toEqual(['install-scripts']);
  const pnpm = (build: string): string =>
    `packages:\n\n  /a@1.0.0:\n    resolution: {}\n${build}\n  /b@1.0.0:\n    dev: true\n`;
  expect(kinds(change('pnpm-lock.yaml', { from: pnpm(''), to: pnpm('    requiresBuild: true') }))).toEqual([
    'install-scripts',
  ]);
  expect(kinds(change('pnpm-lock.yaml', { from: pnpm(''), to: pnpm('    dev: false') }))).toEqual([]);
});

test('P2 the heaviest comes first', () => {
  expect(
    kinds(
      change('run', {}, [script, script]),
      change('.envrc'),
      change('a', { to: '/etc' }, [link, link]),
      change('CLAUDE.md'),
    ),
  ).toEqual(['symlink-outside', 'shell-settings', 'agent-settings', 'executable']);
});

test('P8 a person who named the path needs no second word; a glob, an agent and what leaves the repository do', () => {
  const changes = [
    change('.envrc'),
    change('a', { to: '/etc' }, [link, link]),
    change('lib', {}, [repository, repository]),
  ];
  const left = (fields: Parameters<typeof taskWith>[0]): string[] =>
    unordered(risksIn(...changes), taskWith(fields)).map(({ path }) => path);
  const outside = ['a', 'lib'];
  expect(left({ scope: ['./.envrc', 'a', 'lib'] })).toEqual(outside);
  expect(left({ scope: ['**', 'a', 'lib'] })).toEqual(['a', 'lib', '.envrc']);
  expect(left({ scope: [] })).toEqual(['a', 'lib', '.envrc']);
  expect(left({ scope: ['.envrc'], origin: { task: '001/T0', token: 1, depth: 1 } })).toEqual(['a', 'lib', '.envrc']);
  expect(left({ scope: ['.envrc'], widened: [{ entry: '.envrc', byPerson: false }] })).toEqual(['a', 'lib', '.envrc']);
  expect(left({ scope: ['.envrc'], widened: [{ entry: '.envrc', byPerson: true }] })).toEqual(outside);
});

test('I20 no content or path makes the judgement throw', () => {
  const mode = fc.constantFrom(file, script, link, repository, null);
  const path = fc.oneof(fc.string(), fc.constantFrom(...paths.map(([one]) => one), 'package.json', 'pnpm-lock.yaml'));
  const text = fc.oneof(fc.string(), fc.json(), fc.constant('{"scripts":{"__proto__":1},"packages":{"a":null}}'));
  const any = fc.record({
    path,
    kind: fc.constantFrom('added', 'changed', 'deleted', 'type-changed'),
    oldMode: mode,
    newMode: mode,
    oldId: fc.option(text),
    newId: fc.option(text),
  });
  fc.assert(
    fc.property(fc.array(any), (changes) => {
      for (const { reason, weight } of risksIn(...(changes as PathChange[]))) {
        expect(reason).not.toBe('');
        expect(weight).toBeGreaterThan(0);
      }
    }),
  );
});
