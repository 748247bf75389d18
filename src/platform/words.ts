/** Small words that texts for people are made of: lengths of time, numbers of things, the head of a reason. Pure. */
import { oneLine } from './text.ts';

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
