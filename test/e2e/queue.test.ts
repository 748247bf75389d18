/** What `orbit queue` tells while a train is validated, and of a change that was put back. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { landedOn } from '../support/e2e-git.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience, type Project } from '../support/e2e.ts';

/** The check waits to be let through; `src/bad` makes it red. */
const check = `#!/bin/sh
meet="$PWD"
while [ ! -e "$meet/meet" ]; do meet=$(dirname "$meet"); done
until [ -e "$meet/meet/go" ]; do sleep 0.02; done
[ ! -e src/bad ] || { echo 'src/bad must not be'; exit 1; }
`;

interface Queue {
  queue: {
    task: string;
    state: string;
    place: number | null;
    suspect: boolean;
    bounces: number;
    reason: string | null;
  }[];
  trains: {
    tasks: string[];
    cuts: { length: number; state: string }[];
    waiting: number;
    leftMs: number | null;
    since: string | null;
  }[];
}

async function queueOf(project: Project): Promise<Queue> {
  return (await project.orbit('queue', '001', '--json')).json as Queue;
}

test('P4 P9 the train, its cuts and what was put back are shown while they happen', patience, async () => {
  const project = await makeProject({
    plan: planText({
      'T001 One': ['Files: src/T001.txt'],
      'T002 Two': ['Files: src/T002.txt'],
      'T003 Three': ['Files: src/T003.txt, src/bad'],
    }),
    settings: shellSettings(3, { landing: { checks: ['./check.sh'], reruns: 0 }, budget: { attempts: 2 } }),
    files: { 'agent.sh': shellAgent('T003-1) mkdir -p src && touch src/bad && own ;;'), 'check.sh': check },
  });
  const meet = join(project.outside, 'meet');
  mkdirSync(meet, { recursive: true });
  const run = project.run('001');
  for (const task of ['T001', 'T002', 'T003'])
    await run.until((event) => event.type === 'task-done' && event.task === task);
  let during = await queueOf(project);
  while (during.trains.every(({ cuts }) => cuts.length === 0)) during = await queueOf(project);
  expect(during.trains).toHaveLength(1);
  const [train] = during.trains;
  expect(train?.since).not.toBe(null);
  expect(train?.cuts.every(({ state }) => state === 'validating')).toBe(true);
  expect(train?.cuts.at(-1)?.length).toBe(train?.tasks.length);
  expect(during.queue.filter(({ state }) => state === 'train').map(({ task }) => task)).toEqual(train?.tasks);
  const text = (await project.orbit('queue', '001')).stdout;
  expect(text).not.toContain('somebody leads');
  expect(text).toContain('orbit/001:');
  expect(text).toContain('validating');
  writeFileSync(join(meet, 'go'), '');
  const bounced = await run.until((event) => event.type === 'landing-bounced');
  expect(bounced).toMatchObject({ task: 'T003', data: { cause: 'red' } });
  expect((await run.ended).summary).toMatchObject({ landed: 3 });
  const after = await queueOf(project);
  expect(after.queue.map(({ task, state }) => `${task} ${state}`).sort()).toEqual([
    'T001 landed',
    'T002 landed',
    'T003 landed',
  ]);
  expect(after.trains).toMatchObject([{ tasks: [], cuts: [], waiting: 0, since: null }]);
  const { steps } = (await project.orbit('queue', '001', '--history', '--json')).json as { steps: unknown[] };
  expect(steps).toHaveLength(new Set(landedOn(project.repository).map(({ commit }) => commit)).size);
  for (const step of steps)
    expect(step).toMatchObject({ proven: true, checks: [{ check: './check.sh', green: true }] });
  await using store = await project.store();
  for (const { commit } of landedOn(project.repository)) {
    const tree = project.repository.git('rev-parse', `${commit}^{tree}`);
    expect((await store.verdict(tree, 'landing: ./check.sh'))?.green).toBe(true);
  }
});

test(
  'A2 A7 P9 work with a pull request that nobody follows is told so everywhere, and lands once that is taken off',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 One': [] }),
      settings: shellSettings(1),
      files: { 'agent.sh': shellAgent('') },
    });
    const { orbit, repository } = project;
    const waits = 'waits for pull request #123 (pending_review), which nobody follows';
    const remedy = 'orbit edit 001/T001 --no-pr puts it into the landing queue';
    await orbit('start', 'T001', '--agent', 'claude');
    repository.write({ 'one.txt': 'one\n' });
    repository.git('add', 'one.txt');
    repository.git('commit', '-q', '-m', 'One');
    const complete = await orbit('complete', 'T001', '--pr', '123');
    expect(complete.stdout).toMatch(/^T001 is done: /);
    expect(complete.stdout).toContain(remedy);
    const progress = (): unknown =>
      (JSON.parse(project.read('specs/001/agent-tasks/.progress.json')) as { tasks: Record<string, unknown> }).tasks[
        'T001'
      ];
    expect(progress()).toMatchObject({ status: 'completed', pr: '#123', pr_status: 'pending_review' });

    const run = await project.run('001').ended;
    const says = expect.stringMatching(`${escape(waits)}.*${escape(remedy)}`);
    expect({ code: run.code, left: run.summary?.left }).toMatchObject({
      code: 4,
      left: [{ task: 'T001', reason: says }],
    });
    expect((await orbit('queue', '--json')).json).toMatchObject({
      queue: [
        {
          task: 'T001',
          state: 'done',
          reason: expect.stringContaining(waits),
          remedy: expect.stringContaining(remedy),
        },
      ],
    });
    const text = (await orbit('queue')).stdout;
    expect(text).toContain(waits);
    expect(text).toContain(`001/T001: ${remedy}`);
    expect(text).not.toContain('Nothing lands until somebody leads');
    expect((await orbit('why', 'T001', '--json')).json).toMatchObject({
      because: expect.arrayContaining(
        [
          {
            rule: 'pull-request',
            message: expect.stringContaining(waits),
            unblockedBy: expect.stringContaining(remedy),
          },
        ].map((reason) => expect.objectContaining(reason)),
      ),
    });

    expect((await orbit('edit', 'T001', '--no-pr', '--json')).json).toMatchObject({ task: 'T001', status: 'done' });
    expect(progress()).toEqual(expect.not.objectContaining({ pr: expect.anything() }));
    expect(progress()).toMatchObject({ status: 'completed' });
    expect((await project.run('001').ended).code).toBe(0);
    expect((await orbit('show', 'T001', '--json')).json).toMatchObject({ status: 'landed' });
  },
);

function escape(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
