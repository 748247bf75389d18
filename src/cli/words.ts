/** Small sentences that several commands print: rows of tasks, durations, statuses in colour. */
import type { TaskView } from '../actions/task-view.ts';
import { oneLine } from '../platform/text.ts';
import { columns, type Colour } from './output.ts';

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

/** Columns of a terminal; titles are cut to what is left. */
const titleWidthMax = 60;

export function taskLines(tasks: readonly TaskView[], paint: Paint, plans: boolean = severalPlans(tasks)): string[] {
  const rows = tasks.map((task) => [
    plans ? task.key : task.id,
    task.status,
    task.holder ?? (task.agent === null ? '@any' : `@${task.agent}`),
    oneLine(task.title, titleWidthMax) + remark(task),
  ]);
  const lines = columns(rows);
  return lines.map((line, at) => paintWord(line, tasks[at]?.status ?? '', paint));
}

/** Colours the first occurrence of a status on a laid out line. */
export function paintWord(line: string, word: string, paint: Paint): string {
  const colour = colours[word];
  const at = colour === undefined ? -1 : line.indexOf(`  ${word}`);
  if (at < 0 || colour === undefined) return line;
  return line.slice(0, at + 2) + paint(word, colour) + line.slice(at + 2 + word.length);
}

function remark({ waitingFor, reason }: TaskView): string {
  if (waitingFor.length > 0) return `  (waits for ${waitingFor.join(', ')})`;
  return reason === null ? '' : `  (${oneLine(reason, titleWidthMax)})`;
}

function severalPlans(tasks: readonly TaskView[]): boolean {
  return new Set(tasks.map(({ plan }) => plan)).size > 1;
}

/** `45 s`, `12 min`, `3 h 5 min`, `2 d 4 h`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 48) return `${hours} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`;
  return `${Math.floor(hours / 24)} d${hours % 24 === 0 ? '' : ` ${hours % 24} h`}`;
}

/**
 * The head of a reason that may carry whole outputs. Where it only announces what follows (`Its last words:`), the last line of
 * that goes with it: it is what a person looks for.
 */
export function headline(text: string, widthMax: number): string {
  const lines = text.trim().split('\n');
  const [first = ''] = lines;
  const last = lines.length > 1 && first.endsWith(':') ? ` ${lines.at(-1)?.trim() ?? ''}` : '';
  return oneLine(first + last, widthMax);
}

export function count(number: number, one: string, many: string = `${one}s`): string {
  return `${number} ${number === 1 ? one : many}`;
}
