/**
 * From a completion to the start of the agent that waited for it, in a real `orbit run`.
 *
 * A chain of tasks with two slots. The agent is a shell script that notes the time, commits, and pauses so that the landing of
 * what came before is over. The completion's time is that of its event, the start's is the agent's own note. What lies between
 * is the coordinator's wake-up and claim, the runner's start, base and workspace, and the agent's start.
 */
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Event } from '../src/core/event.ts';
import { startRun } from './live-run.ts';
import type { Measure, MeasureOptions, Row } from './measure.ts';
import { copyProgram, emptyNode, runAlone } from './processes.ts';
import { looseTasks, makeProject, writePlan } from './project.ts';
import { makeScratch } from './scratch.ts';
import { median } from './statistics.ts';

export const measure: Measure = { name: 'hand-over', run };

async function run({ quick }: MeasureOptions): Promise<Row[]> {
  const length = quick ? 8 : 30;
  using scratch = makeScratch();
  const program = copyProgram(scratch.directory);
  const notes = join(scratch.directory, 'notes');
  mkdirSync(notes);
  const agent = join(scratch.directory, 'agent.sh');
  writeFileSync(agent, script(notes));
  chmodSync(agent, 0o755);
  const settings = { agents: { sh: { adapter: 'command', command: [agent], slots: 2 } } };
  await using project = await makeProject({ directory: join(scratch.directory, 'project'), files: 50, settings });
  const tasks = looseTasks(length).map(({ id }, index, all) => ({
    id,
    needs: all.slice(Math.max(0, index - 1), index).map((before) => before.id),
  }));
  await writePlan(project, '001', tasks);
  const empty = (): number => runAlone(emptyNode(scratch.directory)).ms;
  const before = Array.from({ length: 10 }, empty);
  const running = startRun(project, program, '001');
  try {
    await running.ended();
  } finally {
    await running.stop();
  }
  const limit = {
    value: median([...before, ...Array.from({ length: 10 }, empty)]),
    unit: 'ms',
    of: 'node -e 0',
  } as const;
  const events = await project.context.store.events({ since: 0 });
  const steps = tasks.slice(1).map(({ id, needs }) => stepsOf(events, { id, needed: needs[0] ?? '', notes }));
  const row = (what: string, of: (step: Steps) => number): Row => ({
    what,
    measured: { value: median(steps.map(of)), unit: 'ms', of: 'p50' },
  });
  const goal = { of: 'measured', most: 50, below: true } as const;
  return [
    { ...row('completion to the next agent, without its workspace', (step) => step.all - step.prepare), limit, goal },
    row('  until the claim', (step) => step.claim),
    row('  from the claim until the runner is up', (step) => step.runner),
    row('  base and workspace (not counted above)', (step) => step.prepare),
    row("  from the workspace until the agent's first act", (step) => step.start),
  ];
}

function script(notes: string): string {
  return `#!/bin/sh
date +%s%N > '${notes}'/"$ORBIT_TASK"
echo done > "$ORBIT_TASK.txt"
git add "$ORBIT_TASK.txt"
git commit --quiet -m "Work on $ORBIT_TASK"
sleep 0.5
`;
}

/** Milliseconds of one hand-over. */
interface Steps {
  all: number;
  claim: number;
  runner: number;
  prepare: number;
  start: number;
}

function stepsOf(
  events: readonly Event[],
  { id, needed, notes }: { id: string; needed: string; notes: string },
): Steps {
  const of = <T extends Event['body']['type']>(
    task: string,
    type: T,
  ): { at: number; body: Extract<Event['body'], { type: T }> } => {
    const found = events.filter((event) => event.task === `001/${task}` && event.body.type === type);
    const [event] = found;
    if (event === undefined || found.length > 1) throw new Error(`${task} has ${found.length} events ${type}, not one`);
    return { at: event.at, body: event.body as Extract<Event['body'], { type: T }> };
  };
  const done = of(needed, 'task-done').at;
  const claimed = of(id, 'task-claimed').at;
  const prepared = of(id, 'attempt-prepared');
  // The runner makes its log folder as its first act.
  const up = statSync(prepared.body.logs).birthtimeMs;
  const started = Number(readFileSync(join(notes, id), 'utf8')) / 1e6;
  return {
    all: started - done,
    claim: claimed - done,
    runner: up - claimed,
    prepare: prepared.at - up,
    start: started - prepared.at,
  };
}
