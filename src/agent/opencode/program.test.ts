import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { AgentSettings } from '../agent.ts';
import { openCodeFault, openCodeVersion } from './program.ts';

/** A folder with a program `opencode` that answers with these lines of shell. */
function folder(script: string | null, mode = 0o755): string {
  const directory = mkdtempSync(join(tmpdir(), 'orbit-opencode-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  if (script === null) return directory;
  writeFileSync(join(directory, 'opencode'), `#!/bin/sh\n${script}\n`);
  chmodSync(join(directory, 'opencode'), mode);
  return directory;
}

const settings: AgentSettings = { adapter: 'opencode', slots: 1 };
const faultOf = async (directory: string): Promise<string | null> =>
  openCodeFault(settings, { directory, path: directory });
const versionOf = async (directory: string): Promise<string | null> =>
  openCodeVersion(settings, { directory, path: directory });

test('P10 a program that is new enough has no fault', async () => {
  for (const version of ['1.18.33', '1.18.0', 'v1.19.2-beta.1', '2.0.0']) {
    const directory = folder(`echo ${version}`);
    expect(await faultOf(directory)).toBe(null);
    expect(await versionOf(directory)).toBe(version.replace('v', ''));
  }
});

test('P10 what is missing, cannot run, is too old or is something else is told with what to do', async () => {
  const install = /npm install --global opencode-ai@\d/;
  for (const [directory, says] of [
    [folder(null), /"opencode" is not on the PATH/],
    [folder('echo 1.18.33', 0o644), /not executable/],
    [folder('echo 1.17.99'), /opencode is version 1\.17\.99; Orbit needs 1\.18 or later/],
    [folder('echo 0.15.1'), /is version 0\.15\.1/],
    [folder('echo hello; exit 1'), /does not tell its version/],
  ] as const) {
    expect(await faultOf(directory)).toMatch(says);
    expect(await faultOf(directory)).toMatch(install);
  }
});

test('P10 a program of the settings is looked for at the top of the project', async () => {
  const directory = folder('echo 1.18.33');
  const own = { ...settings, command: ['./opencode'] };
  expect(await openCodeFault(own, { directory, path: '' })).toBe(null);
  expect(await openCodeVersion({ ...settings, command: ['./nothing'] }, { directory, path: '' })).toBe(null);
});
