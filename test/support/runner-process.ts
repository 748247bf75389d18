/**
 * A runner in a process of its own, for tests of what only a process can be told. Arguments: directory of the project, token
 * of the attempt, path of the script that the agent plays. Prints nothing unless it fails.
 */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { scriptedAdapter } from '../../src/agent/scripted/scripted.ts';
import { systemClock } from '../../src/platform/clock.ts';
import { processIdentity } from '../../src/platform/process.ts';
import { defaultsOf, keys } from '../../src/platform/settings-key.ts';
import type { Settings } from '../../src/platform/settings.ts';
import { hostAttempt } from '../../src/runner/host.ts';
import { limitsOf, type RunnerPorts } from '../../src/runner/runner.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';
import { openRepository } from '../../src/workspace/git/git-repository.ts';
import { openWorkspaces } from '../../src/workspace/git/git-workspaces.ts';

const [directory = '', token = '', script = ''] = process.argv.slice(2);
const player = fileURLToPath(new URL('../conformance/fixtures/scripted-agent.ts', import.meta.url));
const log = (line: string): void => {
  process.stderr.write(`${line}\n`);
};

process.exitCode = await hostAttempt(
  Number(token),
  async (release) => {
    const settings = {
      ...(defaultsOf(keys) as unknown as Settings),
      agents: { a: { adapter: 'scripted', slots: 1, script } },
    };
    const repository = await openRepository(directory);
    const orbit = join(directory, '.git', 'orbit');
    const store = await openSqliteStore({ path: join(orbit, 'orbit.db'), busyMs: 10_000 });
    const ports: RunnerPorts = {
      store,
      repository,
      workspaces: await openWorkspaces(repository, { directory: '.worktrees', checkoutsAtOnceMax: 2 }),
      adapter: async () => scriptedAdapter({ program: [player] }),
      clock: systemClock,
      settings,
      limits: limitsOf(settings),
      paths: {
        project: directory,
        orbit,
        logs: join(orbit, 'logs'),
        shims: join(orbit, 'bin'),
        key: join(orbit, 'key'),
      },
      program: [process.execPath, player],
      identity: processIdentity(process.pid),
      environment: { ...process.env, XDG_RUNTIME_DIR: join(directory, '..', 'run') },
      gitIdentity: async () => null,
      random: () => 0,
      release,
      log,
    };
    return { ports, close: async () => store[Symbol.asyncDispose]() };
  },
  log,
);
