/** The demo, as anyone can run it with no account (P13): every fault is seen, healed or told, and all good work lands. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { demoTasks } from '../../src/demo/tasks.ts';
import { landedTasks } from '../support/e2e-git.ts';
import { startRun, type OrbitRun } from '../support/e2e-run.ts';
import { bundle, environmentIn, patience, processesOf } from '../support/e2e.ts';
import { gitIn } from '../support/git-in.ts';

const bad = new Map(demoTasks.flatMap(({ id, fault }) => (fault === undefined ? [] : [[fault, id] as const])));

test(
  'B4 C6 E9 P2 P13 the demo lands 25 tasks and asks about one; each fault shows with its reason',
  patience,
  async () => {
    const parent = realpathSync(mkdtempSync(join(tmpdir(), 'orbit-e2e-demo-')));
    const home = join(parent, 'home');
    const directory = join(parent, 'demo');
    mkdirSync(home);
    onTestFinished(() => {
      for (const { pid } of processesOf(home)) process.kill(pid, 'SIGKILL');
      rmSync(parent, { recursive: true, force: true });
    });
    const run = startRun([process.execPath, bundle, 'demo', directory, '--json'], {
      directory: parent,
      environment: environmentIn(home),
    });
    const { code, summary } = await run.ended;
    expect(
      { code, landed: summary?.landed, failed: summary?.failed, needsYou: summary?.needsYou },
      run.stderr(),
    ).toEqual({ code: 0, landed: 25, failed: 0, needsYou: 1 });
    expect(summary?.left).toEqual([
      {
        task: bad.get('question'),
        plan: '001',
        status: 'needs-you',
        reason: expect.stringContaining('In which form shall dates be written'),
      },
    ]);
    expect(reasons(run, 'crash')).toEqual([expect.stringMatching(/^crashed: .*SIGKILL/)]);
    expect(reasons(run, 'lie')).toEqual([expect.stringContaining('Nothing was committed')]);
    expect(reasons(run, 'outside-scope')).toEqual([expect.stringContaining('README.md')]);
    expect(reasons(run, 'hang')).toEqual([expect.stringMatching(/^stalled: /)]);
    expect(
      run.events.filter(({ type, task }) => type === 'task-escalated' && task === bad.get('question')),
    ).toHaveLength(1);
    const git = gitIn(directory);
    const landed = landedTasks({ git });
    expect([...landed].sort()).toEqual(demoTasks.map(({ id }) => id).filter((id) => id !== bad.get('question')));
    for (const { id, needs } of demoTasks.filter((task) => landed.includes(task.id))) {
      for (const name of needs)
        expect(landed.indexOf(demoTasks.find((task) => task.name === name)?.id ?? '')).toBeLessThan(landed.indexOf(id));
    }
    expect(git('status', '--porcelain', '--', '.', ':!specs')).toBe('?? AGENTS.md\n?? CLAUDE.md');
    expect(git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
    expect(processesOf(home)).toEqual([]);
  },
);

/** How the attempts at the task with this fault ended that did not succeed. */
function reasons(run: OrbitRun, fault: string): string[] {
  const ended = run.events.filter(({ type, task }) => type === 'attempt-ended' && task === bad.get(fault as never));
  return ended.map(({ data }) => `${String(data['outcome'])}: ${String(data['reason'])}`);
}
