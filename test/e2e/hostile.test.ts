/** What a hostile agent tries with what it finds in its environment, and what comes of it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { landedTasks } from '../support/e2e-git.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience } from '../support/e2e.ts';

test('P3 I17 an agent ends no attempt but its own, under whatever name it calls', patience, async () => {
  const victim = 'T001-1) tell "claimed-$ORBIT_TOKEN"; await tried; own; orbit complete ;;';
  const hostile = `T002-1)
  until ls "$meet" | grep -q claimed-; do sleep 0.02; done
  token=$(ls "$meet" | sed -n 's/^claimed-//p')
  try() { "$@" --json >> "$meet/answers" || true; }
  borrow() { env ORBIT_TASK=T001 ORBIT_TOKEN="$token" ORBIT_AGENT=sh-1 "$@"; }
  drop() { env -u ORBIT_TASK -u ORBIT_TOKEN -u ORBIT_AGENT "$@"; }
  for verb in "fail T001 x" "block T001 x" "handoff T001 x" "release T001" "complete T001 --no-changes x" "beat T001"; do
    try borrow orbit $verb
    try borrow env -u ORBIT_CAPABILITY orbit $verb
    try drop orbit $verb --token "$token"
  done
  tell tried
  own
  ;;`;
  const project = await makeProject({
    plan: planText({ 'T001 Victim': ['Files: src/T001.txt'], 'T002 Hostile': ['Files: src/T002.txt'] }),
    settings: shellSettings(2),
    files: { 'agent.sh': shellAgent(`${victim}\n${hostile}`) },
  });
  const { code, summary } = await project.run('001').ended;
  const answers = readFileSync(join(project.outside, 'meet/answers'), 'utf8').trim().split('\n');
  const codes = answers.map((line) => (JSON.parse(line) as { error?: { code: string } }).error?.code);
  expect(codes).toEqual(Array.from({ length: 18 }, () => 'not-yours'));
  expect({ code, landed: summary?.landed, attempts: summary?.attempts }).toEqual({ code: 0, landed: 2, attempts: 2 });
  expect(landedTasks(project.repository).sort()).toEqual(['T001', 'T002']);
});
