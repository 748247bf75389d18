/** Which lines of a log somebody asked for: by text, kind and time. */
import { UsageError } from '../platform/error.ts';
import { nearest } from '../platform/text.ts';

/** Kinds of entries in `verbose.jsonl`. The last three are what went through the agent's pipes, as it went. */
const kinds: readonly string[] = [
  'session',
  'message',
  'thought',
  'tool-call',
  'tool-result',
  'file-change',
  'todo',
  'usage',
  'report',
  'error',
  'hint-seen',
  'turn-end',
  'unknown',
  'end',
  'run',
  'look',
  'stdout',
  'stderr',
  'stdin',
];

/** `tool-call,error`. Throws `UsageError` `bad-flag`. */
export function readKinds(text: string | null): readonly string[] | null {
  if (text === null) return null;
  return text.split(',').map((word) => {
    const kind = word.trim();
    if (kinds.includes(kind)) return kind;
    const near = nearest(kind, kinds);
    throw new UsageError(
      'bad-flag',
      `there is no kind ${JSON.stringify(kind)}`,
      near === null ? `known: ${kinds.join(', ')}` : `did you mean ${near}?`,
    );
  });
}

const unitsMs: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** `30s`, `5m`, `2h`, `1d` before `now`, or a time such as `2026-11-21T10:00`. Throws `UsageError` `bad-flag`. */
export function readSince(text: string | null, now: number): number | null {
  if (text === null) return null;
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([smhd])$/.exec(text.trim()) ?? [];
  if (number !== undefined) return now - Number(number) * (unitsMs[unit] ?? 0);
  const at = /^\d{4}-/.test(text) ? Date.parse(text) : Number.NaN;
  if (!Number.isNaN(at)) return at;
  throw new UsageError(
    'bad-flag',
    `--since: ${JSON.stringify(text)} is no time`,
    'write 30s, 5m, 2h, 1d or 2026-11-21T10:00',
  );
}

/** Raw lines are in the log besides the events read from them; only complaints are nowhere else. */
export function isShown(kind: string, chosen: readonly string[] | null, canRead: boolean): boolean {
  if (chosen !== null) return chosen.includes(kind);
  return kind === 'stdin' || kind === 'look' ? false : kind !== 'stdout' || !canRead;
}
