/** Small sentences that several commands print: rows of tasks, durations, statuses in colour. */
import type { TaskView } from '../actions/task-view.ts';
import { oneLine } from '../platform/text.ts';
import { sharedLines, sharedReasons } from './held-words.ts';
import { columns, type Colour } from './output.ts';

export { count, duration, headline } from '../platform/words.ts';

type Paint = (text: string, colour: Colour) => string;

const colours: Readonly<Record<string, Colour>> = {
  ready: 'blue',
  available: 'blue',
  running: 'yellow',
  in_progress: 'yellow',
  done: 'green',
  landing: 'green',
  landed: 'green',
  completed: 'green',
  'needs-you': 'red',
  cancelled: 'dim',
  blocked: 'dim',
};

/** Said where finished work waits and no coordinator leads. */
export const unledLine = 'Nothing lands until somebody leads: orbit run';

/** Columns of a terminal; titles are cut to what is left. */
const titleWidthMax = 60;

/** A row for each, then the reasons that several of them have. */
export function taskLines(tasks: readonly TaskView[], paint: Paint, plans: boolean = severalPlans(tasks)): string[] {
  const shared = sharedReasons(tasks);
  const rows = tasks.map((task) => [
    plans ? task.key : task.id,
    task.status,
    task.holder ?? (task.agent === null ? '@any' : `@${task.agent}`),
    oneLine(task.title, titleWidthMax) + remark(task, shared),
  ]);
  const lines = columns(rows);
  return [...lines.map((line, at) => paintWord(line, tasks[at]?.status ?? '', paint)), ...sharedLines(shared)];
}

/** Colours the first occurrence of a status on a laid out line. */
export function paintWord(line: string, word: string, paint: Paint): string {
  const colour = colours[word];
  const at = colour === undefined ? -1 : line.indexOf(`  ${word}`);
  if (at < 0 || colour === undefined) return line;
  return line.slice(0, at + 2) + paint(word, colour) + line.slice(at + 2 + word.length);
}

function remark({ waitingFor, reason }: TaskView, shared: ReadonlyMap<string, unknown>): string {
  if (waitingFor.length > 0) return `  (waits for ${waitingFor.join(', ')})`;
  return reason === null || shared.has(reason) ? '' : `  (${oneLine(reason, titleWidthMax)})`;
}

function severalPlans(tasks: readonly TaskView[]): boolean {
  return new Set(tasks.map(({ plan }) => plan)).size > 1;
}
