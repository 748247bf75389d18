/** What a person sees, and does, when something else moved the branch that a plan lands on. */
import { expect, test } from 'vitest';
import { landedTasks } from '../support/e2e-git.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience } from '../support/e2e.ts';

test(
  'P9 I8 an agent’s own move of the target holds the plan, everybody says why, and a person takes it or not',
  patience,
  async () => {
    const planted = `T002-1)
    git commit -q --allow-empty -m "Land T002: $ORBIT_TITLE"
    git update-ref refs/heads/orbit/001 HEAD
    own ;;`;
    const project = await makeProject({
      plan: planText({ 'T001 One': [], 'T002 Two': ['Dependencies: T001'] }, 'unblock: landed'),
      settings: shellSettings(1),
      files: { 'agent.sh': shellAgent(planted) },
    });
    const { repository, orbit, run } = project;
    const first = await run('001').ended;
    const foreign = repository.git('rev-parse', 'orbit/001');
    expect(repository.git('log', '-1', '--format=%s', foreign)).toBe('Land T002: Two');
    const says = expect.stringContaining(`${foreign.slice(0, 12)} on orbit/001 is not from Orbit`);
    expect({ code: first.code, left: first.summary?.left }).toMatchObject({
      code: 4,
      left: [{ task: 'T002', status: 'landing', reason: says }],
    });
    expect((await orbit('why', 'T002', '--json')).json).toMatchObject({
      status: 'landing',
      because: expect.arrayContaining([expect.objectContaining({ rule: 'landing-held', message: says })]),
    });
    const { queue } = (await orbit('queue', '--json')).json as {
      queue: { task: string; held: { why: string } | null }[];
    };
    expect(queue.map(({ task, held }) => [task, held?.why ?? null])).toEqual([
      ['T001', null],
      ['T002', says],
    ]);
    expect((await orbit('queue')).stdout).toContain('orbit resume 001 --accept-target');
    expect((await orbit('inbox', '--json')).json).toMatchObject({
      held: [{ plan: '001', tasks: ['T002'], why: says }],
    });
    expect((await orbit('inbox')).stdout).toContain('is not from Orbit');

    type Step = {
      commit: string;
      tasks: string[];
      proven: boolean | null;
      accepted: { by: string; at: string } | null;
    };
    const history = async (): Promise<Step[]> =>
      ((await orbit('queue', '001', '--history', '--json')).json as { steps: Step[] }).steps;
    expect((await history())[0]).toMatchObject({ commit: foreign, tasks: [], proven: false, accepted: null });
    expect((await orbit('queue', '001', '--history')).stdout).toContain('NOT PROVEN');

    expect((await orbit('resume', '--accept-target')).code).toBe(2);
    expect((await orbit('resume', '001', '--accept-target', '--json')).json).toMatchObject({
      commit: foreign,
      lost: [],
    });
    expect((await run('001').ended).code).toBe(0);
    expect((await orbit('inbox')).stdout).toBe('Nothing waits for you.\n');
    expect(landedTasks(repository).filter((task) => task !== '')).toEqual(['T001', 'T002']);
    const steps = await history();
    const accepted = { by: expect.stringMatching(/^person:/), at: expect.stringMatching(/^\d{4}-.*Z$/) };
    expect(steps.map((step) => [step.tasks, step.accepted])).toEqual([
      [['T002'], null],
      [[], accepted],
      [['T001'], null],
    ]);
    const text = (await orbit('queue', '001', '--history')).stdout;
    expect(text).toContain(`accepted by ${steps[1]?.accepted?.by} at ${steps[1]?.accepted?.at}`);
    expect(text).not.toContain('NOT PROVEN');
    repository.git('update-ref', 'refs/heads/orbit/001', 'main');
    expect((await orbit('resume', '001', '--accept-target')).stdout).toContain('the work of T001, T002: orbit reopen');
  },
);
