/** The plan by layers: each layer a band with how far it is and its tasks' states, below it what has not ended, and what blocks that. */
import { headline } from '../../platform/words.ts';
import type { LayerBoard, PlanBoard, Surroundings } from '../look-around.ts';
import type { TaskView } from '../task-view.ts';
import { part, said, type Line, type Part, type Space } from './line.ts';
import type { Row } from './row.ts';
import { signOf, signs } from './sign.ts';
import type { TaskStatus } from '../../core/status.ts';

export function planRows({ plans }: Surroundings, space: Space): Row[] {
  if (plans.length === 0)
    return [{ lines: [[part('There is no plan yet: orbit plan, orbit import, orbit create')]], about: null }];
  return plans.flatMap((plan) => [planRow(plan), ...plan.layers.flatMap((layer) => layerRows(plan, layer, space))]);
}

function planRow({ plan, title, paused, landingPaused }: PlanBoard): Row {
  const remark = paused ? '  paused: nothing new is given out' : landingPaused ? '  its landing is paused' : '';
  const line = [part(`${said(plan)} ${said(title)}`, 'bold'), part(remark, 'red')];
  return { lines: [line], about: { key: null, plan, token: null } };
}

function layerRows(plan: PlanBoard, layer: LayerBoard, space: Space): Row[] {
  const isAlone = plan.layers.length === 1 && layer.layer === null;
  const band: Row = { lines: [bandLine(layer, space)], about: null };
  const tasks = layer.open.map((task): Row => ({
    lines: [taskLine(task, space)],
    about: { key: task.key, plan: task.plan, token: null },
  }));
  return isAlone && layer.total === 0 ? tasks : [band, ...tasks];
}

/** Cells of a band's bar. */
const bandCells = 10;

function bandLine({ layer, title, completed, total, byStatus }: LayerBoard, { unicode }: Space): Line {
  const filled = total === 0 ? 0 : Math.floor((completed / total) * bandCells);
  const bar = (unicode ? '█' : '#').repeat(filled) + (unicode ? '░' : '.').repeat(bandCells - filled);
  const states = (Object.keys(signs) as TaskStatus[]).flatMap((status): Part[] =>
    byStatus[status] === 0 ? [] : [part(' '), signOf(status, { unicode }), part(`${byStatus[status]}`)],
  );
  const name = layer === null ? 'No layer' : `Layer ${layer}${title === '' ? '' : ` ${said(title, 32)}`}`;
  return [
    part(` ${bar} ${completed}/${total} `, completed === total ? 'green' : 'yellow'),
    part(name, 'bold'),
    part(' '),
    ...states,
  ];
}

function taskLine(task: TaskView, { columns, unicode }: Space): Line {
  const { id, title, status, holder, waitingFor, reason, agent } = task;
  const who = holder ?? (agent === null || status !== 'ready' ? null : `@${agent}`);
  const why =
    waitingFor.length > 0 ? `waits for ${waitingFor.join(', ')}` : reason === null ? '' : headline(reason, columns);
  // What blocks a task matters more than the end of its title.
  const room = Math.max(
    12,
    columns - 8 - id.length - (who?.length ?? 0) - Math.min(why.length, Math.floor(columns / 2)),
  );
  return [
    part('   '),
    signOf(status, { unicode }),
    part(` ${said(id)} ${said(title, room)}`),
    ...(who === null ? [] : [part(`  ${said(who)}`, 'yellow')]),
    ...(why === '' ? [] : [part(`  ${said(why)}`, status === 'needs-you' ? 'red' : 'dim')]),
  ];
}
