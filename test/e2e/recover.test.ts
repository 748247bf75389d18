/** Work that is not on its target: found, brought back, gone on with, given up; the user's way. */
import { expect, test } from 'vitest';
import { landedTasks } from '../support/e2e-git.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience, type Project } from '../support/e2e.ts';

interface Kept {
  ref: string;
  task: string;
  kind: string;
  why: string | null;
  outcome: string;
  status: string;
  commits: number;
  files: number;
  onTarget: string | null;
}

async function recover(project: Project, ...args: string[]): Promise<{ kept: Kept[]; hidden: number }> {
  return (await project.orbit('recover', ...args, '--json')).json as { kept: Kept[]; hidden: number };
}

test(
  'P1 I7 what is not on the target is found with its reason, brought back, and the next attempt starts from it',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 Fine': [], 'T002 Hard': [] }),
      settings: shellSettings(2, { budget: { attempts: 1 } }),
      files: {
        'agent.sh': shellAgent(
          'T002-1) echo one > one.txt; save; echo half > half.txt; echo "no idea how" >&2; exit 3 ;;\n' +
            'T002-2) grep -q half half.txt; grep -q one one.txt; save ;;',
        ),
      },
    });
    expect((await project.run('001').ended).code).toBe(4);
    const { kept, hidden } = await recover(project);
    expect(hidden).toBe(1);
    expect(
      kept.map(({ ref, task, outcome, status, commits, files }) => [ref, task, outcome, status, commits, files]),
    ).toEqual(
      expect.arrayContaining([
        [expect.stringMatching(/^refs\/orbit\/attempts\/T002\/\d+$/), 'T002', 'failed', 'needs-you', 1, 1],
        [expect.stringMatching(/^refs\/orbit\/salvage\/T002\/\d+$/), 'T002', 'failed', 'needs-you', 1, 1],
      ]),
    );
    expect(kept).toHaveLength(2);
    expect(kept.every(({ why }) => why?.includes('no idea how') === true)).toBe(true);
    const shown = (await project.orbit('recover')).stdout;
    expect(shown).toMatch(/^001\/T002 {2}Hard {2}\(needs-you\)$/m);
    expect(shown).toMatch(
      /attempts\/T002\/\d+ +1 commit +1 file +.* ago +attempt \d+ ended: failed, The agent did not exit/,
    );
    expect(shown).toContain('1 more is on the target: --all shows them');
    expect((await recover(project, 'T001', '--all')).kept).toMatchObject([
      { task: 'T001', onTarget: 'history', why: null },
    ]);

    const snapshot = kept.find(({ kind }) => kind === 'salvage')?.ref.replace('refs/orbit/', '') ?? '';
    expect((await project.orbit('recover', '--restore', snapshot, '--branch', 'back')).code).toBe(0);
    expect(project.repository.git('show', 'back:half.txt')).toBe('half');
    expect((await project.orbit('recover', 'T001', '--resume', snapshot)).code).not.toBe(0);
    expect((await project.orbit('recover', 'T002', '--resume', snapshot)).stdout).toContain('orbit retry T002');
    await project.orbit('retry', 'T002');
    const second = await project.run('001').ended;
    expect(second.summary).toMatchObject({ landed: 2, attempts: 1 });
    expect(landedTasks(project.repository)).toEqual(['T001', 'T002']);
    expect(project.repository.git('show', 'orbit/001:one.txt', 'orbit/001:half.txt')).toBe('one\nhalf');
    // All of it is on the target now, the snapshot by its content.
    expect((await recover(project)).kept).toEqual([]);
    expect(
      (await recover(project, 'T002', '--all')).kept
        .map(({ onTarget }) => String(onTarget))
        .toSorted((a, b) => a.localeCompare(b)),
    ).toEqual(['content', 'history', 'history']);
  },
);

test('P1 I17 kept work is given up by a person alone, who names it, and the log tells it', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 Fine': [], 'T002 Hard': [] }),
    settings: shellSettings(2, { budget: { attempts: 1 } }),
    files: { 'agent.sh': shellAgent('T002-1) echo one > one.txt; save; exit 3 ;;') },
  });
  await project.run('001').ended;
  const refs = (): string[] =>
    project.repository.git('for-each-ref', '--format=%(refname)', 'refs/orbit/attempts').split('\n');
  expect(refs()).toHaveLength(2);
  const unlanded = (await recover(project)).kept[0]?.ref ?? '';
  expect((await project.orbit('recover', '--purge', unlanded)).code).toBe(2);
  expect((await project.orbit('recover', '--purge', 'T002', '--yes')).stdout).toContain('1 stay');
  expect(refs()).toHaveLength(2);
  expect((await project.orbit('recover', '--purge', 'T001', '--yes')).stdout).toMatch(
    /deleted attempts\/T001\/\d+, it was at/,
  );
  expect(refs()).toEqual([unlanded]);
  expect((await project.orbit('recover', '--purge', unlanded, '--yes')).code).toBe(0);
  expect(project.repository.git('for-each-ref', 'refs/orbit/attempts')).toBe('');
  const { events } = (await project.orbit('events', '--json')).json as { events: { type: string; actor: string }[] };
  expect(events.filter(({ type }) => type === 'work-purged').map(({ actor }) => actor.split(':')[0])).toEqual([
    'person',
    'person',
  ]);
});
