/** The example in `examples/minimist`, run as its README says; it checks its own result with git and the package's tests. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { patience, processesOf } from '../support/e2e.ts';

test('B4 P10 ten changes by command agents land on a real package', patience, async (context) => {
  const home = mkdtempSync(join(tmpdir(), 'orbit-e2e-home-'));
  onTestFinished(() => {
    for (const { pid } of processesOf(home)) process.kill(pid, 'SIGKILL');
    rmSync(home, { recursive: true, force: true });
  });
  // Whatever lets npm reach its registry from here: proxies, certificates, the user's own npm settings.
  const inherited = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('ORBIT_'),
  );
  const environment = {
    ...Object.fromEntries(inherited),
    HOME: home,
    npm_config_userconfig: join(process.env['HOME'] ?? '', '.npmrc'),
  };
  const reachable = await run(
    'npm',
    ['view', 'minimist@1.2.8', 'version', '--fetch-retries=0', '--fetch-timeout=20000'],
    environment,
  );
  if (reachable.code !== 0)
    context.skip('not tested: the example fetches a package, and the npm registry cannot be reached from here');
  const { code, output } = await run(process.execPath, ['examples/minimist/run.mjs'], environment);
  expect(code, output).toBe(0);
  expect(output).toContain('verified: 10 changes landed once each');
  expect(processesOf(home)).toEqual([]);
});

async function run(
  program: string,
  args: readonly string[],
  env: Record<string, string>,
): Promise<{ code: number; output: string }> {
  return new Promise((done) => {
    execFile(program, args, { env, maxBuffer: 1e8 }, (error, stdout, stderr) => {
      const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
      done({ code, output: `${stdout}${stderr}` });
    });
  });
}
