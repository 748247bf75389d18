import { expect, test } from 'vitest';
import { isKnownInstaller, isSetUpInput, manifestDoubt, pathDoubt } from './set-up-input.ts';

test('P11 lockfiles, manifests and their settings decide what installers make, and nothing else unless the user says so', () => {
  const inputs = [
    'package-lock.json',
    'web/package.json',
    '.npmrc',
    'requirements-dev.txt',
    'patches/x+1.0.0.patch',
    'Cargo.lock',
  ];
  for (const path of inputs) expect([path, isSetUpInput(path, null)]).toEqual([path, true]);
  for (const path of ['src/index.ts', 'README.md', 'package-lock.json.md'])
    expect(isSetUpInput(path, null)).toBe(false);
  expect(isSetUpInput('schema/a.proto', ['schema/**'])).toBe(true);
});

test.each([
  ['npm ci', true],
  ['npm ci --ignore-scripts', true],
  ['npm install left-pad', false],
  ['npm ci --prefix web', false],
  ['npm run build', false],
  ['yarn', true],
  ['yarn --immutable', true],
  ['pnpm install --frozen-lockfile', true],
  ['./setup.sh', false],
  ['make deps', false],
  ['pip install -r requirements.txt', false],
  ['bundle install', false],
])('P11 whether only lockfiles decide what "%s" makes: %s', (line, known) => {
  const [program = '', ...args] = line.split(' ');
  expect(isKnownInstaller({ program, args })).toBe(known);
});

test('P11 a manifest whose scripts run at install may build from any file', () => {
  expect(manifestDoubt('package.json', '{"scripts":{"test":"vitest"}}')).toBeNull();
  expect(manifestDoubt('package.json', '{"scripts":{"prepare":"husky"}}')).toBeNull();
  expect(manifestDoubt('package.json', '{"scripts":{"prepare":"tsc"}}')).toContain('"prepare"');
  expect(manifestDoubt('package.json', '{"dependencies":{"a":"file:../a"}}')).toContain('folder');
  expect(manifestDoubt('package.json', '{')).toContain('no JSON');
  expect(pathDoubt('native/binding.gyp')).toContain('native/binding.gyp');
  expect(pathDoubt('package.json')).toBeNull();
});
