/**
 * Chaos on the real thing: coordinator, runners and agents are killed with SIGKILL again and again during a run, and the
 * coordinator started anew. Afterwards git, the store and the process table are asked, nobody else.
 *
 * `ORBIT_CHAOS_SEED` chooses the moments and victims, `ORBIT_CHAOS_KILLS` how many.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Event } from '../../src/core/event.ts';
import { History } from '../simulation/history.ts';
import { Random } from '../simulation/random.ts';
import { landedOn } from '../support/e2e-git.ts';
import { wreak } from '../support/e2e-chaos.ts';
import { makeProject, patience, type Project } from '../support/e2e.ts';

const kills = Number(process.env['ORBIT_CHAOS_KILLS'] ?? 25);
const seed = Number(process.env['ORBIT_CHAOS_SEED'] ?? 20_261_129);
const taskCount = Math.max(16, Math.ceil(kills * 0.6));
const ids = Array.from({ length: taskCount }, (_, index) => `T${String(index + 1).padStart(3, '0')}`);

test(
  'A8 B9 D5 P1 P3 I1 I3 I4 I6 I7 I8 I9 I10 I15 I18 killed at random moments, a run loses, doubles and leaves nothing',
  { timeout: patience.timeout + kills * 10_000 },
  async () => {
    console.log(`chaos: seed ${seed}, ${kills} kills; again with ORBIT_CHAOS_SEED=${seed}`);
    const project = await makeProject({
      plan: plan(),
      settings: {
        agents: { demo: { adapter: 'scripted', script: 'script.json', slots: 4 } },
        landing: { checks: ['./check.sh'] },
        workspace: { setup: ['./set-up.sh'], setupReads: ['set-up.sh'] },
        budget: { attempts: 100 },
        retryDelayMs: 1,
      },
      script: { default: [steps] },
      files: { 'check.sh': check, 'record.sh': record, 'set-up.sh': setUp, '.gitignore': 'deps/\n' },
    });
    for (const folder of ['commits', 'drafts']) mkdirSync(join(project.outside, folder));
    const before = project.checkout();
    const { done, end, last } = await wreak(project, {
      random: new Random(seed),
      kills,
      calm: () => writeFileSync(join(project.outside, 'calm'), ''),
    });
    console.log(done.map(({ victim, hit, seq }) => `${seq}:${victim}${hit > 1 ? `(${hit})` : ''}`).join(' '));
    expect(done).toHaveLength(kills);
    expect({ code: end.code, landed: end.summary?.landed, left: end.summary?.left }, last.stderr()).toEqual({
      code: 0,
      landed: taskCount,
      left: [],
    });
    await noProcessIsLeft(project);
    landedOnceAndGreen(project);
    await storeIsSound(project);
    workIsKept(project);
    nothingLiesAround(project);
    expect(project.checkout()).toBe(before);
  },
);

/** Four at once, each on top of two earlier ones; the last two wait until the chaos is over. */
function plan(): string {
  const lines = ids.flatMap((id, index) => {
    const needs = [ids[index - 4], ids[index - 6]].filter((need) => need !== undefined);
    return [
      `- [ ] ${id} Make ${id}`,
      `      Dependencies: ${needs.join(', ') || 'None'}`,
      `      Files: src/${id}.*`,
      `      Check: test -s src/${id}.txt`,
    ];
  });
  return ['# Chaos', '', '## Layer 1: Work', '', ...lines, ''].join('\n');
}

/** Two commits with a draft in between that is in no commit: something to lose at every moment. */
const steps = [
  { do: 'write', path: 'src/{task}.txt', text: 'one\n' },
  { do: 'commit', message: '{task}: one' },
  { do: 'run', command: ['./record.sh', 'commit'] },
  { do: 'sleep', ms: 100 },
  { do: 'write', path: 'src/{task}.draft', text: '{token}\n' },
  { do: 'run', command: ['./record.sh', 'draft'] },
  { do: 'sleep', ms: 150 },
  { do: 'run', command: ['./record.sh', 'no-draft'] },
  { do: 'delete', path: 'src/{task}.draft' },
  { do: 'run', command: ['./record.sh', 'wait'] },
  { do: 'append', path: 'src/{task}.txt', text: 'two\n' },
  { do: 'commit', message: '{task}: two' },
  { do: 'run', command: ['./record.sh', 'commit'] },
  { do: 'report', report: 'complete' },
  { do: 'exit' },
];

/** Notes outside the repository what an agent has made, after it was made: whatever stands there must be found again. */
const record = `#!/bin/sh
out="$ORBIT_PROJECT/.."
case $1 in
commit) git rev-parse HEAD >> "$out/commits/$ORBIT_TASK-$ORBIT_TOKEN" ;;
draft) echo "$ORBIT_TASK" > "$out/drafts/$ORBIT_TOKEN" ;;
no-draft) rm "$out/drafts/$ORBIT_TOKEN" ;;
wait) case "$ORBIT_TASK" in ${ids.slice(-2).join('|')}) until [ -e "$out/calm" ]; do sleep 0.05; done ;; esac ;;
esac
`;

/** Makes what each workspace and each check slot needs; an empty or missing part of it shows in every check. */
const setUp = `#!/bin/sh
mkdir -p deps && for part in 1 2 3 4 5 6 7 8; do echo whole > deps/$part; done
`;

/** Every landed file is whole, and there is at least one; so is what the set-up made, or an earlier one. */
const check = `#!/bin/sh
[ "$(cat deps/* | sort | uniq -c | tr -d ' ')" = "8whole" ] || { echo "the set-up is torn"; exit 1; }
for file in src/*.txt; do [ "$(cat "$file" | tr '\\n' ' ')" = "one two " ] || { echo "$file is torn"; exit 1; }; done
`;

async function noProcessIsLeft(project: Project): Promise<void> {
  // What a killed coordinator was just doing may be about to end; what never ends runs into the test's time limit.
  for (let left = project.processes(); left.length > 0; left = project.processes()) {
    console.log('still there', left);
    await new Promise((look) => setTimeout(look, 500));
  }
}

function landedOnceAndGreen({ repository }: Project): void {
  const landed = landedOn(repository);
  expect(landed.map(({ task }) => task).sort()).toEqual(ids);
  let tip = repository.git('rev-parse', 'main');
  for (const { commit, task } of landed) {
    // What landed together has one commit.
    expect([repository.git('rev-parse', `${commit}^1`), commit]).toContain(tip);
    const needs = [ids[ids.indexOf(task) - 4], ids[ids.indexOf(task) - 6]].filter((need) => need !== undefined);
    for (const id of [task, ...needs]) expect(repository.git('show', `${commit}:src/${id}.txt`)).toBe('one\ntwo');
    tip = commit;
  }
  expect(repository.git('ls-tree', '--name-only', 'orbit/001', 'src/').split('\n')).toEqual(
    ids.map((id) => `src/${id}.txt`),
  );
  expect(repository.git('fsck', '--strict', '--no-dangling')).toBe('');
}

async function storeIsSound(project: Project): Promise<void> {
  await using store = await project.store();
  expect(await store.verifyLog()).toBe(null);
  const events = await store.events({ since: 0, limit: 1_000_000 });
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1));
  const history = new History();
  for (const event of events) history.fold(event);
  for (const { task } of await store.tasks({}, Date.now())) expect(history.tasks.get(task.key)).toEqual(task);
  for (const { pulse: _, ...attempt } of await store.attempts({})) {
    const { pulse: __, ...replayed } = history.attempts.get(attempt.token) ?? { pulse: null };
    expect(replayed).toEqual(attempt);
  }
  expect(await store.attempts({ live: true })).toEqual([]);
  const tokens = claims(events).map(({ attempt }) => attempt ?? 0);
  expect(tokens).toEqual([...tokens].sort((one, other) => one - other));
  expect(new Set(tokens).size).toBe(tokens.length);
  for (const { commit, task } of landedOn(project.repository)) {
    const tree = project.repository.git('rev-parse', `${commit}^{tree}`);
    expect(
      events.filter(
        ({ task: key, body }) =>
          key === `001/${task}` && body.type === 'task-landed' && body.landedAs === commit && body.tree === tree,
      ),
    ).toHaveLength(1);
    expect((await store.verdict(tree, 'landing: ./check.sh'))?.green).toBe(true);
  }
}

function claims(events: readonly Event[]): Event[] {
  return events.filter(({ body }) => body.type === 'task-claimed');
}

/** Every commit that an agent is known to have made, and every draft that was there when it was killed. */
function workIsKept({ repository, outside }: Project): void {
  const kept = new Set(
    repository.git('rev-list', '--glob=refs/orbit/attempts', '--glob=refs/orbit/salvage').split('\n'),
  );
  const made = readdirSync(join(outside, 'commits')).flatMap((name) =>
    readFileSync(join(outside, 'commits', name), 'utf8')
      .trim()
      .split('\n')
      .map((commit) => `${name} ${commit}`),
  );
  expect(made.length).toBeGreaterThan(2 * taskCount);
  expect(made.filter((line) => !kept.has(line.split(' ')[1] ?? ''))).toEqual([]);
  const lost = readdirSync(join(outside, 'drafts')).filter((token) => {
    const id = readFileSync(join(outside, 'drafts', token), 'utf8').trim();
    const refs = repository
      .git('for-each-ref', '--format=%(refname)', `refs/orbit/salvage/${id}/`)
      .split('\n')
      .filter((ref) => new RegExp(`/${token}(-\\d+)?$`).test(ref));
    return !refs.some((ref) => repository.git('ls-tree', '-r', '--name-only', ref).includes(`src/${id}.draft`));
  });
  expect(lost).toEqual([]);
}

function nothingLiesAround({ directory, outside, repository }: Project): void {
  expect(readdirSync(join(outside, 'home/run/orbit/ports'))).toEqual([]);
  expect(repository.git('worktree', 'list', '--porcelain').match(/^worktree /gm)).toHaveLength(1);
  const workspaces = join(directory, '.worktrees');
  expect(existsSync(workspaces) ? readdirSync(workspaces).filter((name) => name !== '.checks') : []).toEqual([]);
  const told = readFileSync(join(directory, '.git/orbit/logs/coordinator.log'), 'utf8');
  expect(repository.git('for-each-ref', '--format=%(refname)', 'refs/heads/orbit-work'), told).toBe('');
  const files = allFiles(join(directory, '.git')).filter((path) => !path.includes('/orbit/pool/'));
  expect(
    files.filter((path) => /\.lock$|\.draft$|orbit\/scratch\/|orbit\/workspaces\/|logs\/runners\//.test(path)),
  ).toEqual([]);
}

function allFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? allFiles(path) : [path];
  });
}
