/** A person's word: risky work waits for it, it counts for one tree, no agent can give it, and it ends a plan. */
import { expect, test } from 'vitest';
import { landedTasks } from '../support/e2e-git.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience, type Answer, type Project } from '../support/e2e.ts';

interface Waiting {
  task: string;
  tree: string;
  files: { path: string; kind: string }[];
  risks: { kind: string; reason: string }[];
}

test(
  'P2 S10 I17 links, workflows and executables wait for a person, who approves one tree, or sends it back',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({
        'T001 Link': [],
        'T002 Workflow': ['Files: .github/**'],
        'T003 Script': [],
        'T004 Named': ['Files: .envrc'],
        'T005 Plain': [],
      }),
      settings: shellSettings(2, { landing: { checks: ['true'] } }),
      files: { 'agent.sh': shellAgent(riskyAgent) },
    });
    const first = project.run('001');
    expect((await first.ended).code).toBe(4);
    expect(landedTasks(project.repository).toSorted()).toEqual(['T004', 'T005']);
    expect(first.events.filter(({ data }) => data['kind'] === 'approval')).toHaveLength(3);
    expect(project.read('../meet/codes').trim().split('\n')).toEqual(['3', '3', '3']);
    const waiting = await approvals(project);
    expect(waiting.map(({ task, risks }) => [task, risks[0]?.kind])).toEqual([
      ['T001', 'symlink-outside'],
      ['T002', 'ci'],
      ['T003', 'executable'],
    ]);
    expect(waiting[1]?.files).toEqual([{ path: '.github/workflows/ci.yml', kind: 'added' }]);
    expect((await project.orbit('why', 'T001')).stdout).toContain('orbit approve 001/T001');

    expect(refusal(await project.orbit('approve', 'T002', '--tree', '0123456789', '--json'))).toBe('tree-changed');
    expect(refusal(await project.orbit('retry', 'T002', '--json'))).toBe('nothing-to-answer');
    const tree = waiting[1]?.tree.slice(0, 12) ?? '';
    const approved = await project.orbit('approve', 'T002', '--tree', tree, '--json');
    expect(approved.json).toMatchObject({ approved: [{ task: 'T002', status: 'done' }], refused: [], led: false });
    const back = await project.orbit('reject', 'T003', 'no script, please', '--json');
    expect(back.json).toMatchObject({ task: 'T003', status: 'ready' });
    const away = await project.orbit('reject', 'T001', 'not wanted', '--close', '--json');
    expect(away.json).toMatchObject({ task: 'T001', status: 'cancelled' });

    const second = await project.run('001').ended;
    expect({ code: second.code, left: second.summary?.left }).toEqual({ code: 0, left: [] });
    expect(landedTasks(project.repository).toSorted()).toEqual(['T002', 'T003', 'T004', 'T005']);
    expect(project.read('../meet/told')).toContain('rejected it: no script, please');
    await expectPlanLands(project);
  },
);

/** T005 tries to give the word for the others: as itself, as a person with its capability, and for its own work. */
const riskyAgent = `T001-*) ln -s /etc/passwd link; save ;;
T002-*) mkdir -p .github/workflows; echo 'on: push' > .github/workflows/ci.yml; save ;;
T003-1) echo 'exit 0' > run; chmod +x run; save; tell waits ;;
T003-2) grep 'rejected it' "$ORBIT_PROMPT" > "$meet/told"; own ;;
T004-*) echo 'export A=1' > .envrc; save ;;
T005-*) await waits
  until orbit show T003 | grep -q needs-you; do sleep 0.05; done
  code() { "$@" > /dev/null 2>&1 && echo 0 >> "$meet/codes" || echo $? >> "$meet/codes"; }
  code orbit approve T003
  code env -u ORBIT_TOKEN orbit approve T003
  code env -u ORBIT_TOKEN orbit reject T003 'mine is better' --close
  own ;;`;

async function approvals(project: Project): Promise<Waiting[]> {
  return ((await project.orbit('approve', '--json')).json as { tasks: Waiting[] }).tasks;
}

function refusal({ code, json }: Answer): string {
  expect(code).toBe(3);
  return (json as { error: { code: string } }).error.code;
}

async function expectPlanLands({ orbit, repository }: Project): Promise<void> {
  const { json } = await orbit('approve', '--json');
  const [plan] = (json as { plans: { plan: string; tree: string; into: string; landed: number }[] }).plans;
  expect(plan).toMatchObject({ plan: '001', into: 'main', landed: 4 });
  expect(refusal(await orbit('approve', '001', '--tree', '0123456789', '--json'))).toBe('tree-changed');
  const answer = await orbit('approve', '001', '--tree', plan?.tree ?? '', '--json');
  expect(answer.json).toMatchObject({ plan: '001', into: 'main', how: 'fast-forward' });
  expect(repository.git('rev-parse', 'main')).toBe(repository.git('rev-parse', 'orbit/001'));
  expect(repository.git('ls-files')).toContain('.github/workflows/ci.yml');
  const { json: log } = await orbit('events', '--json');
  const types = (log as { events: { type: string }[] }).events.map(({ type }) => type);
  expect(types.slice(-2)).toEqual(['plan-approved', 'plan-merged']);
  expect(refusal(await orbit('land', '001', '--json'))).toBe('already-done');
  const tip = repository.git('rev-parse', 'orbit/001');
  // Somebody moves the target: what landed is not there any more, or something that nobody looked at is.
  repository.git('update-ref', 'refs/heads/orbit/001', `${tip}~1`);
  expect(refusal(await orbit('land', '001', '--into', 'other', '--json'))).toBe('target-moved');
  repository.git('branch', 'other', `${tip}~1`);
  const foreign = repository.git('commit-tree', `${tip}^{tree}`, '-p', tip, '-m', 'Mine');
  repository.git('update-ref', 'refs/heads/orbit/001', foreign);
  expect(refusal(await orbit('land', '001', '--into', 'other', '--json'))).toBe('foreign-commit');
  const seen = repository.git('rev-parse', `${foreign}^{tree}`);
  expect((await orbit('land', '001', '--into', 'other', '--tree', seen, '--json')).code).toBe(0);
}

test(
  'P2 approval each: every task waits before it lands; what an agent changes after the word waits anew',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 One': [], 'T002 Two': ['Dependencies: T001'] }),
      settings: shellSettings(1, { landing: { approval: 'each' } }),
      files: { 'agent.sh': shellAgent('T002-2) echo more > more.txt; own ;;') },
    });
    expect((await project.run('001').ended).code).toBe(4);
    expect((await approvals(project)).map(({ task }) => task)).toEqual(['T001', 'T002']);
    expect((await project.orbit('approve', '001', '--all')).stdout).toMatch(
      /T001 is approved .*\nT002 is approved .*\nNothing lands until somebody leads: orbit run\n/,
    );
    expect((await project.orbit('reopen', 'T002', 'once more')).code).toBe(0);
    expect((await project.run('001').ended).code).toBe(4);
    expect(landedTasks(project.repository)).toEqual(['T001']);
    expect((await approvals(project)).map(({ task }) => task)).toEqual(['T002']);
    expect(refusal(await project.orbit('land', '001', '--json'))).toBe('plan-unfinished');
    await project.orbit('approve', 'T002');
    expect((await project.run('001').ended).code).toBe(0);
    expect(landedTasks(project.repository)).toEqual(['T001', 'T002']);
  },
);

test(
  'E10 P4 a branch that went on takes a plan over by a merge, only where the checks are green at that tree',
  patience,
  async () => {
    const project = await makeProject({
      plan: planText({ 'T001 One': [] }, 'Check: test ! -e broken'),
      settings: shellSettings(1),
      files: { 'agent.sh': shellAgent('') },
    });
    expect((await project.run('001').ended).code).toBe(0);
    const { repository } = project;
    repository.write({ broken: '' });
    repository.git('add', 'broken');
    repository.git('commit', '-q', '-m', 'Break');
    const before = repository.git('rev-parse', 'main');
    expect(refusal(await project.orbit('land', '001', '--json'))).toBe('check-failed');
    expect(repository.git('rev-parse', 'main')).toBe(before);
    repository.git('rm', '-q', 'broken');
    repository.git('commit', '-q', '-m', 'Mend');
    const answer = await project.orbit('land', '001', '--json');
    expect(answer.json).toMatchObject({ how: 'merge', into: 'main' });
    expect(repository.git('show', 'main:src/T001.txt')).toBe('One');
    expect(repository.git('log', '-1', '--format=%s', 'main')).toContain('Merge orbit/001');
  },
);

test('I17 an agent that drops its variables is known by where it stands and by what started it', patience, async () => {
  const project = await makeProject({
    plan: planText({ 'T001 One': [] }),
    settings: shellSettings(1),
    files: { 'agent.sh': shellAgent(disguised) },
  });
  expect((await project.run('001').ended).code).toBe(0);
  expect(project.read('../meet/inside')).toMatch(/this directory is the workspace of attempt \d+/);
  // Elsewhere nothing tells what a process descends from.
  const below = process.platform === 'linux' ? /the runner of attempt \d+ started this process/ : /./;
  expect(project.read('../meet/below')).toMatch(below);
  // A person is asked nothing of that kind.
  expect((await project.orbit('approve', 'T001', '--json')).stdout).not.toContain('not-yours');
});

const personsVerbs = [
  'pause 001',
  'pause T001',
  'resume 001',
  'resume --account sh',
  'retry T001',
  'cancel T001',
  'close T001',
  'reopen T001',
  'nudge T001 faster',
  'agents check sh',
  'edit T001 --pr 7 --pr-status merged',
];

test('I17 E1 what steers is for persons, also where an agent passes for one', patience, async () => {
  const tries = personsVerbs.map((verb) => `bare ${verb}; (cd "$ORBIT_PROJECT" && bare ${verb})`).join('\n  ');
  const agent = `T001-*) own
  bare() { env -i PATH="$PATH" HOME="$HOME" orbit "$@" --json >> "$meet/answers" || true; }
  ${tries} ;;`;
  const project = await makeProject({
    plan: planText({ 'T001 One': [] }),
    settings: shellSettings(1),
    files: { 'agent.sh': shellAgent(agent) },
  });
  const { code, summary } = await project.run('001').ended;
  expect({ code, landed: summary?.landed }).toEqual({ code: 0, landed: 1 });
  const codes = project
    .read('../meet/answers')
    .trim()
    .split('\n')
    .map((line) => (JSON.parse(line) as { error?: { code: string } }).error?.code);
  const refused = process.platform === 'linux' ? codes : codes.filter((_, index) => index % 2 === 0);
  expect(codes).toHaveLength(2 * personsVerbs.length);
  expect(new Set(refused)).toEqual(new Set(['not-yours']));
});

test('I17 E1 a person steers from the worktree of what they claimed by hand', patience, async () => {
  const project = await makeProject({ plan: planText({ 'T001 One': [] }), settings: shellSettings(1) });
  const { orbit } = project;
  expect((await orbit('start', 'T001', '--agent', 'claude')).code).toBe(0);
  expect((await orbit('pause', '001', '--json')).json).toMatchObject({ plans: [{ plan: '001', paused: true }] });
  expect((await orbit('resume', '001')).code).toBe(0);
  expect((await orbit('cancel', 'T001')).code).toBe(0);
});

const disguised = `T001-*) own
  bare() { env -i PATH="$PATH" HOME="$HOME" orbit approve T001; }
  bare > "$meet/inside" 2>&1 || true
  (cd "$ORBIT_PROJECT" && bare) > "$meet/below" 2>&1 || true ;;`;
