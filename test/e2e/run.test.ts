/** The main job, the user's way: from a plan in a file to landed work, with real processes and real git. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { OrbitRun, RunEvent } from '../support/e2e-run.ts';
import { landedOn, landedTasks } from '../support/e2e-git.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience, planFile, type Project } from '../support/e2e.ts';

const scripted = { adapter: 'scripted', script: 'script.json', slots: 2 };
const good = [
  { do: 'write', path: 'src/{task}.txt', text: '{title}\n' },
  { do: 'commit' },
  { do: 'report', report: 'complete' },
  { do: 'exit' },
];

test(
  'A2 A3 B1 B8 C2 P1 P9 P14 a plan in a file ends as landed work, and nothing else is touched',
  patience,
  async () => {
    const project = await makeProject({
      plan: `# Records\n\nProse stays.\n\n## Layer 1: Base\n\n- [ ] T001 @demo Model\n      Dependencies: None\n      Blocks: T003\n      - a remark\n- [ ] T002 @sh Storage\n      Dependencies: None\n      Files: src/T002.txt\n      Check: test -s src/T002.txt\n\n## Layer 2: Top\nWait if needed.\n\n- [ ] T003 Client\n      Dependencies: T001, T002 (REQUIRED)\n`,
      settings: { agents: { demo: scripted, sh: { adapter: 'command', command: ['./agent.sh'] } } },
      script: { default: [good] },
      files: { 'agent.sh': shellAgent('') },
    });
    const before = project.checkout();
    const { code, summary } = await project.run('001').ended;
    expect({ code, summary }).toEqual({
      code: 0,
      summary: {
        landed: 3,
        failed: 0,
        needsYou: 0,
        attempts: 3,
        elapsedMs: expect.any(Number),
        serialMs: expect.any(Number),
        drained: false,
        left: [],
      },
    });
    expect(landedTasks(project.repository).sort()).toEqual(['T001', 'T002', 'T003']);
    expect(landedTasks(project.repository).at(-1)).toBe('T003');
    expect(project.repository.git('ls-tree', '--name-only', 'orbit/001', 'src/').split('\n')).toEqual([
      'src/T001.txt',
      'src/T002.txt',
      'src/T003.txt',
    ]);
    expect(project.checkout()).toBe(before);
    expect(project.read(planFile)).toBe(
      project.repository.git('show', `HEAD:${planFile}`).replaceAll('- [ ]', '- [x]') + '\n',
    );
    expectProgress(project);
    expectNothingLeft(project);
    await expectAnswers(project);
  },
);

function expectProgress(project: Project): void {
  const progress = JSON.parse(project.read('specs/001/agent-tasks/.progress.json')) as Record<
    string,
    Record<string, object>
  >;
  expect(progress).toMatchObject({ last_updated: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]+Z$/) });
  expect(progress['layers']).toEqual({
    '1': { status: 'completed', completed: 2, total: 2 },
    '2': { status: 'completed', completed: 1, total: 1 },
  });
  expect(Object.keys(progress['tasks'] ?? {})).toEqual(['T001', 'T002', 'T003']);
  expect(progress['tasks']?.['T002']).toMatchObject({
    status: 'completed',
    agent: expect.stringMatching(/^sh/),
    completed_at: expect.any(String),
  });
}

/** What a finished run may leave: branches of the plan, kept refs, logs. */
function expectNothingLeft({ directory, outside, repository, processes }: Project): void {
  expect(processes()).toEqual([]);
  expect(readdirSync(join(outside, 'home/run/orbit/ports'))).toEqual([]);
  expect(repository.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
  const folder = join(directory, '.worktrees');
  expect(existsSync(folder) ? readdirSync(folder).filter((name) => !name.startsWith('.')) : []).toEqual([]);
  expect(repository.git('for-each-ref', '--format=%(refname)', 'refs/heads/orbit-work')).toBe('');
  expect(repository.git('fsck', '--strict', '--no-dangling')).toBe('');
}

async function expectAnswers(project: Project): Promise<void> {
  const runs = readdirSync(join(project.directory, '.git/orbit/logs/run'));
  expect(runs).toHaveLength(3);
  for (const name of runs) {
    expect(name).toMatch(/^\d{8}T\d{6}\.\d{3}Z_T00\d$/);
    expect(readdirSync(join(project.directory, '.git/orbit/logs/run', name))).toEqual(
      expect.arrayContaining(['output.log', 'verbose.jsonl', 'monitor.log']),
    );
  }
  expect((await project.orbit('why', 'T003', '--json')).json).toMatchObject({
    task: 'T003',
    status: 'landed',
    because: expect.any(Array),
  });
  expect((await project.orbit('logs', 'T001')).stdout).toContain('T001');
  expect((await project.orbit('logs', 'T002')).code).toBe(0);
  const kept = (await project.orbit('recover', '--all', '--json')).json as { kept: { task: string; ref: string }[] };
  expect(kept.kept.map(({ task }) => task).sort()).toEqual(['T001', 'T002', 'T003']);
  const { events } = (await project.orbit('events', '--json')).json as { events: RunEvent[] };
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  expect(events.filter(({ type }) => type === 'task-landed')).toHaveLength(3);
  const { events: later } = (await project.orbit('events', '--since', String(events.length - 2), '--json')).json as {
    events: RunEvent[];
  };
  expect(later.map(({ seq }) => seq)).toEqual([events.length - 1, events.length]);
}

test(
  'A4 a task starts on finished work that has not landed; with "unblock: landed" it waits for the landing',
  patience,
  async () => {
    // The landing's check ends only when the dependant has started: a run that waited for the landing would never end.
    const early = await makeProject({
      plan: planText({ 'T001 Base': [], 'T002 Top': ['Dependencies: T001'] }),
      settings: shellSettings(2, { landing: { checks: ['./check.sh'] } }),
      files: { 'agent.sh': shellAgent('T002-1) cat src/T001.txt; tell T002; own ;;'), 'check.sh': awaitScript('T002') },
    });
    expect((await early.run('001').ended).code).toBe(0);
    expect(landedTasks(early.repository)).toEqual(['T001', 'T002']);

    const late = await makeProject({
      plan: planText({ 'T001 Base': [], 'T002 Top': ['Dependencies: T001'] }, 'unblock: landed\n'),
      settings: shellSettings(2),
      files: { 'agent.sh': shellAgent('') },
    });
    const run = late.run('001');
    expect((await run.ended).code).toBe(0);
    expect(seqOf(run, 'task-claimed', 'T002')).toBeGreaterThan(seqOf(run, 'task-landed', 'T001'));
  },
);

test('I13 tasks whose scopes overlap never run at once, others do', patience, async () => {
  const project = await makeProject({
    plan: planText({
      'T001 One': ['Files: src/**'],
      'T002 Two': ['Files: src/T002.txt'],
      'T003 Three': ['Files: src/*.txt'],
      'T004 Aside': ['Files: docs/**'],
    }),
    settings: shellSettings(4),
    // The one with a scope of its own ends only when another has started.
    files: {
      'agent.sh': shellAgent('T004-1) await any; mkdir docs; echo d > docs/d.txt; save ;;\n*) tell any; own ;;'),
    },
  });
  const run = project.run('001');
  expect((await run.ended).code).toBe(0);
  expect(metWhileHeld(run.events.filter((event) => event.task !== 'T004'))).toEqual([]);
  expect(landedTasks(project.repository)).toHaveLength(4);
});

/** Claims that came while another of these tasks was held. */
function metWhileHeld(events: readonly RunEvent[]): string[] {
  const held = new Set<string>();
  return events.flatMap(({ type, task }) => {
    const id = task ?? '';
    if (type === 'task-done' || type === 'attempt-ended') held.delete(id);
    if (type !== 'task-claimed') return [];
    const others = [...held].map((other) => `${id} while ${other} was held`);
    held.add(id);
    return others;
  });
}

test('P2 P4 I8 a conflict and a red landing check go back with the reason and are redone', patience, async () => {
  const together = (name: string, other: string): string => `${name}-1) tell ${name}; await ${other};`;
  const project = await makeProject({
    plan: planText({ 'T001 Left': [], 'T002 Right': [], 'T003 Odd': [], 'T004 Even': [] }),
    settings: shellSettings(4, { landing: { checks: ['./check.sh'] } }),
    files: {
      'shared.txt': 'start\n',
      // Odd and even are fine alone; both are only fine with a note.
      'check.sh':
        '#!/bin/sh\nif [ -e odd ] && [ -e even ] && [ ! -e note ]; then echo "odd and even need a note"; exit 1; fi\n',
      'agent.sh': shellAgent(
        [
          `${together('T001', 'T002')} echo left > shared.txt; save ;;`,
          `${together('T002', 'T001')} echo right > shared.txt; save ;;`,
          `${together('T003', 'T004')} touch odd; save ;;`,
          `${together('T004', 'T003')} touch even; save ;;`,
          'T001-2|T002-2) grep -q "conflicts with the target in shared.txt" "$ORBIT_PROMPT"; echo "$ORBIT_TITLE" >> shared.txt; save ;;',
          'T003-2|T004-2) grep -q "odd and even need a note" "$ORBIT_PROMPT"; touch odd even note; save ;;',
        ].join('\n'),
      ),
    },
  });
  const run = project.run('001');
  const { code, summary } = await run.ended;
  expect({ code, attempts: summary?.attempts, left: summary?.left }).toEqual({ code: 0, attempts: 6, left: [] });
  const bounced = run.events.filter(({ type }) => type === 'landing-bounced');
  expect(bounced.map(({ data }) => String(data['cause'])).sort()).toEqual(['conflict', 'red']);
  expect(bounced.find(({ data }) => data['cause'] === 'conflict')?.data['reason']).toMatch(
    /shared\.txt.*landed since it began: T00[12]/s,
  );
  expect(project.repository.git('show', 'orbit/001:shared.txt').split('\n')).toHaveLength(2);
  expectGreenHistory(project, './check.sh');
});

/** Every first-parent tree of the target passes the check: looked at again, by hand. */
function expectGreenHistory({ repository, outside }: Project, check: string): void {
  const clone = join(outside, 'clone');
  repository.git('clone', '-q', '--shared', repository.directory, clone);
  for (const { commit } of landedOn(repository)) {
    repository.gitIn(clone, 'checkout', '-q', commit);
    repository.gitIn(clone, '-c', `alias.check=!${check}`, 'check');
  }
}

test(
  'B1 B5 B9 C11 E9 one hopeless task ends in the inbox while others land; retried with advice, the next run finishes it',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 Fine': [], 'T002 Hopeless': [], 'T003 On top': ['Dependencies: T002'] }),
      settings: shellSettings(2, { budget: { attempts: 2 } }),
      files: {
        'agent.sh': shellAgent(
          'T002-[12]) echo half > half.txt; echo "no idea how" >&2; exit 3 ;;\nT002-3) grep -q "look in the attic" "$ORBIT_PROMPT"; grep -q "no idea how" "$ORBIT_PROMPT"; own ;;',
        ),
      },
    });
    const first = await project.run('001').ended;
    expect(first.code).toBe(4);
    expect(first.summary).toMatchObject({ landed: 1, failed: 1, needsYou: 2, attempts: 3 });
    expect(first.summary?.left).toEqual([
      { task: 'T002', plan: '001', status: 'needs-you', reason: expect.stringContaining('no idea how') },
      { task: 'T003', plan: '001', status: 'blocked', reason: 'waits for T002' },
    ]);
    expect(landedTasks(project.repository)).toEqual(['T001']);
    expect((await project.orbit('why', 'T002')).stdout).toContain('orbit retry 001/T002');
    const kept = (await project.orbit('recover', 'T002', '--json')).json as { kept: { ref: string; kind: string }[] };
    expect(
      kept.kept
        .filter(({ kind }) => kind === 'salvage')
        .map(({ ref }) => project.repository.git('show', `${ref}:half.txt`)),
    ).toEqual(['half', 'half']);
    expect((await project.orbit('retry', 'T002', '--advice', 'look in the attic')).code).toBe(0);
    const second = await project.run('001').ended;
    expect(second.code).toBe(0);
    expect(second.summary).toMatchObject({ landed: 3, failed: 0, needsYou: 0, attempts: 2, left: [] });
    expect(landedTasks(project.repository)).toEqual(['T001', 'T002', 'T003']);
    expectNothingLeft(project);
  },
);

/** A check that ends when an agent has told `name`. */
function awaitScript(name: string): string {
  return `#!/bin/sh\nuntil [ -e "$(git rev-parse --path-format=absolute --git-common-dir)/../../meet/${name}" ]; do sleep 0.02; done\n`;
}

function seqOf(run: OrbitRun, type: string, task: string): number {
  return run.events.find((event) => event.type === type && event.task === task)?.seq ?? Number.NaN;
}
