/** The landing queue in lines for a person. */
import type { TargetStep } from '../actions/audit-target.ts';
import type { Queue, QueueEntry, TrainView } from '../actions/list-queue.ts';
import { oneLine } from '../platform/text.ts';
import { groupHeld } from '../actions/list-held.ts';
import { heldLines, sharedLines, sharedReasons } from './held-words.ts';
import { columns } from './output.ts';
import { count, duration, headline, unledLine } from './words.ts';

const titleWidthMax = 50;
const reasonWidthMax = 100;
/** Tasks with a pull request that nobody follows that are told what to do. */
const remediesMax = 5;
/** Tasks of a cut that are named. */
const namedMax = 6;

const waitingStates: ReadonlySet<QueueEntry['state']> = new Set(['train', 'next', 'queued', 'done']);

export function queueLines({ led, queue, trains }: Queue, now: number): string[] {
  const shared = sharedReasons(queue.map(({ plan, task, reason }) => ({ key: `${plan}/${task}`, reason })));
  const rows = queue.map((entry) => [
    `${entry.plan}/${entry.task}`,
    entry.place === null ? entry.state : `${entry.state} ${entry.place}`,
    entry.landedAs?.slice(0, 12) ?? entry.commit?.slice(0, 12) ?? '',
    oneLine(entry.title, titleWidthMax),
    remarkOf(entry, shared),
  ]);
  const driven = trains.flatMap((train) => trainLines(train, now));
  const held = heldLines(groupHeld(queue));
  const waits = queue.some(({ state, mode, remedy }) => waitingStates.has(state) && mode !== 'off' && remedy === null);
  const idle = waits && !led ? [unledLine] : [];
  const lines = [
    ...(rows.length === 0 ? ['Nothing waits to land.'] : columns(rows)),
    ...sharedLines(shared),
    ...held,
    ...remedyLines(queue),
    ...idle,
  ];
  return driven.length === 0 ? lines : [...lines, '', ...driven];
}

/** Each names its own task, so only the first few are said in full. */
function remedyLines(queue: readonly QueueEntry[]): string[] {
  const lines = queue.flatMap(({ plan, task, remedy }) => (remedy === null ? [] : [`${plan}/${task}: ${remedy}`]));
  const more = lines.length - remediesMax;
  return more > 0 ? [...lines.slice(0, remediesMax), `and so for ${more} more`] : lines;
}

function remarkOf(
  { state, after, suspect, bounces, reason }: QueueEntry,
  shared: ReadonlyMap<string, unknown>,
): string {
  if (state === 'landed') return '';
  const remarks = [
    ...(after.length === 0 ? [] : [`after ${after.join(', ')}`]),
    ...(suspect ? ['red, or behind what is red: being narrowed down'] : []),
    ...(bounces === 0 ? [] : [`put back ${count(bounces, 'time')}`]),
    ...(reason === null || shared.has(reason) ? [] : [headline(reason, reasonWidthMax)]),
  ];
  return remarks.length === 0 ? '' : `(${remarks.join('; ')})`;
}

function trainLines(train: TrainView, now: number): string[] {
  const { target, base, since, tasks, cuts } = train;
  const branch = target.replace(/^refs\/heads\//, '');
  const head =
    since === null
      ? `${branch}: no train is under way`
      : `${branch}: ${count(tasks.length, 'change')} in the train for ${duration(now - Date.parse(since))}, on ${base?.slice(0, 12)}`;
  const cutLines = cuts.map(({ length, state, at }) => {
    const named = tasks.slice(0, Math.min(length, namedMax)).join(', ');
    const more = length > namedMax ? ` and ${length - namedMax} more` : '';
    const age = state === 'validating' ? ` for ${duration(now - Date.parse(at))}` : '';
    return `  ${named}${more} together: ${state === 'ended' ? 'not needed any more' : state}${age}`;
  });
  const again =
    train.rerun === null ? [] : [`  ${train.rerun} was red by itself: it is run once more before it goes back`];
  return [head, ...cutLines, ...again, `  ${measures(train)}`];
}

function measures({ waiting, failureRate, validationMs, leftMs, flakes, flaky }: TrainView): string {
  const rate = `${(failureRate * 100).toFixed(failureRate < 0.1 ? 1 : 0)} % of changes go back red`;
  const time = validationMs === null ? 'no validation measured yet' : `a validation takes ${duration(validationMs)}`;
  const left =
    leftMs === null || waiting === 0 ? [] : [`about ${duration(leftMs)} until the ${waiting} that wait have landed`];
  const odd = flakes === 0 ? [] : [`${count(flakes, 'flake')}, last ${JSON.stringify(flaky)}`];
  return [rate, time, ...left, ...odd].join('; ');
}

export function historyLines(steps: readonly TargetStep[]): string[] {
  if (steps.length === 0) return ['Nothing has landed.'];
  return columns(
    steps.map(({ commit, tree, tasks, checks, proven, accepted }) => [
      commit.slice(0, 12),
      `tree ${tree.slice(0, 12)}`,
      accepted === null ? provenWord(proven) : `accepted by ${accepted.by} at ${accepted.at}`,
      tasks.length === 0 ? 'no landing of Orbit' : tasks.join(', '),
      checks.length === 0 ? 'no checks' : checks.map(({ check, green }) => `${check}: ${wordOf(green)}`).join('; '),
    ]),
  );
}

function provenWord(proven: boolean | null): string {
  if (proven === null) return '';
  return proven ? 'proven' : 'NOT PROVEN';
}

function wordOf(green: boolean | null): string {
  if (green === null) return 'no verdict';
  return green ? 'green' : 'red';
}
