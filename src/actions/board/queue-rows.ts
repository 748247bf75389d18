/** The landing queue: each target's train with its cuts, then what waits, in the order in which it lands. */
import { count, duration, headline } from '../../platform/words.ts';
import type { Surroundings } from '../look-around.ts';
import type { QueueEntry, TrainView } from '../list-queue.ts';
import { part, said, type Line, type Part, type Space } from './line.ts';
import { since, type Row } from './row.ts';

export function queueRows(seen: Surroundings, space: Space): Row[] {
  const driving = seen.trains.filter((train) => train.since !== null && train.tasks.length > 0);
  const trains = driving.map((train): Row => ({
    lines: trainLines(train, seen, space),
    about: { key: null, plan: train.plan, token: null },
  }));
  const isOnePlan = seen.plans.length === 1;
  const entries = seen.queue.map((entry): Row => ({
    lines: [entryLine(entry, { isOnePlan, columns: space.columns })],
    about: { key: `${entry.plan}/${entry.task}`, plan: entry.plan, token: null },
  }));
  const idle: Row[] =
    entries.length > 0 && !seen.led
      ? [{ lines: [[part(' Nothing lands until somebody leads: orbit run', 'red')]], about: null }]
      : [];
  return [...trains, ...entries, ...idle];
}

const cutSigns = { green: '+', red: '!', validating: '>', ended: '-' } as const;
const cutShapes = { green: '✓', red: '✗', validating: '►', ended: '–' } as const;
const cutTones = { green: 'green', red: 'red', validating: 'yellow', ended: 'dim' } as const;

function trainLines(train: TrainView, seen: Surroundings, { unicode }: Space): Line[] {
  const { tasks, target, cuts, leftMs, waiting, failureRate, rerun } = train;
  const branch = said(target.replace(/^refs\/heads\//, ''), 30);
  const shown: Part[] = cuts.flatMap(({ length, state }) => [
    part(' '),
    part(`${(unicode ? cutShapes : cutSigns)[state]}${length}`, cutTones[state]),
  ]);
  const words = [
    ...(leftMs === null ? [] : [`about ${duration(leftMs)} for ${count(waiting, 'change')}`]),
    `${Math.round(failureRate * 100)} % go back`,
    ...(rerun === null ? [] : [`${said(rerun)} is run again`]),
  ];
  return [
    [
      part(` train of ${tasks.length} onto ${branch} for ${since(seen, train.since ?? seen.at)}, first:`, 'bold'),
      ...shown,
      part(`  ${words.join(', ')}`, 'dim'),
    ],
  ];
}

function entryLine(entry: QueueEntry, { isOnePlan, columns }: { isOnePlan: boolean; columns: number }): Line {
  const { task, plan, title, state, place, suspect, after, bounces, reason, held } = entry;
  const remarks = [
    ...(after.length === 0 ? [] : [`after ${after.join(', ')}`]),
    ...(suspect ? ['red, or behind what is red'] : []),
    ...(bounces === 0 ? [] : [`put back ${count(bounces, 'time')}`]),
    ...(held === null ? [] : [`held: ${headline(held.why, columns)}`]),
    ...(reason === null ? [] : [headline(reason, columns)]),
  ];
  const where = place === null ? state : `${state} ${place}`;
  return [
    part(` ${where.padEnd(8)} `, held === null && !suspect ? 'green' : 'red'),
    part(`${isOnePlan ? '' : `${said(plan)}/`}${said(task)} ${said(title, Math.max(12, Math.floor(columns / 2)))}`),
    ...(remarks.length === 0 ? [] : [part(`  ${said(remarks.join('; '))}`, 'dim')]),
  ];
}
