import { watch } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { UsageError } from '../../platform/error.ts';
import { printable } from '../../platform/text.ts';
import type { Context } from '../../actions/context.ts';
import type { LogName, LogPlace } from '../../actions/read-logs.ts';
import type { Around, Command, Input } from '../command.ts';

export const command: Command = {
  summary: 'What an attempt printed and did, and what supervision saw.',
  usage: [
    'logs [TASK] [--log output|verbose|monitor] [--follow] [--grep TEXT] [--token N]',
    'logs TASK [--kind KIND,KIND] [--since 5m] [--raw]',
  ],
  examples: [
    ['orbit logs', 'the log folders, newest first'],
    ['orbit logs T031 --follow', 'the last attempt at T031 as it goes on'],
    ['orbit logs T031 --log verbose', "the agent's whole stream, a line per event: time, kind, what happened"],
    ['orbit logs T031 --kind tool-call,error --since 5m', 'its calls and errors of the last five minutes'],
    ['orbit logs T031 --log verbose --raw', 'the same file as it is, JSON lines'],
  ],
  flags: {
    log: {
      kind: 'text',
      value: 'LOG',
      about: 'output (readable, default), verbose (everything) or monitor (supervision).',
    },
    follow: { kind: 'switch', about: 'Go on as it grows, until the attempt ends.' },
    grep: { kind: 'text', value: 'TEXT', about: 'Only lines with this text.' },
    kind: {
      kind: 'text',
      value: 'KIND,…',
      about: 'Only such entries of the verbose log, as message, tool-call or error.',
    },
    since: {
      kind: 'text',
      value: 'TIME',
      about: 'Only what is not older than 30s, 5m, 2h, 1d, or a time; not for output.',
    },
    raw: { kind: 'switch', about: 'The verbose log as it is, JSON lines.' },
    token: { kind: 'number', about: 'The attempt with this token; the last one by default.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' },
  },
  words: { min: 0, max: 1, names: 'a task' },
  async run(input, around) {
    const context = await around.project();
    const { findLog, listLogs } = await import('../../actions/read-logs.ts');
    const [task] = input.words;
    if (task === undefined) {
      const logs = listLogs(context);
      return {
        data: { logs },
        text: logs.length === 0 ? 'No attempt has logs yet.' : logs.map(({ path }) => path).join('\n'),
      };
    }
    const log = await logOf(input);
    const place = await findLog(context, { task, plan: input.text('plan'), token: input.number('token'), log });
    if (around.json)
      return {
        data: { task: place.attempt.task, token: place.attempt.token, directory: place.directory, path: place.path },
        text: '',
      };
    const lines = await linesOf(context, { input, log, place });
    await show(context, place, { around, follow: input.has('follow'), lines });
    return { data: null, text: '' };
  },
};

/** Throws `UsageError` `bad-flag` for what the log does not have. */
async function logOf(input: Input): Promise<LogName> {
  const { logFiles } = await import('../../actions/read-logs.ts');
  const needsVerbose = ['kind', 'raw'].find((flag) => input.has(flag));
  const word = input.text('log') ?? (needsVerbose === undefined ? 'output' : 'verbose');
  if (!Object.hasOwn(logFiles, word))
    throw new UsageError(
      'bad-flag',
      `there is no log ${JSON.stringify(word)}`,
      `known: ${Object.keys(logFiles).join(', ')}`,
    );
  if (needsVerbose !== undefined && word !== 'verbose')
    throw new UsageError('bad-flag', `--${needsVerbose} is for the verbose log`, `leave out --log ${word}`);
  if (input.has('since') && word === 'output')
    throw new UsageError('bad-flag', 'the output log has no times', 'add --log verbose or --log monitor');
  return word as LogName;
}

/** A function from a line of the file to what is shown of it. */
async function linesOf(
  context: Context,
  { input, log, place }: { input: Input; log: LogName; place: LogPlace },
): Promise<(line: string) => readonly string[]> {
  const [{ isShown, readKinds, readSince }, { entriesOf, entryLine, monitorTime }] = await Promise.all([
    import('../../actions/log-choice.ts'),
    import('../../actions/log-entry.ts'),
  ]);
  const grep = input.text('grep');
  const since = readSince(input.text('since'), context.clock.now());
  const kinds = readKinds(input.text('kind'));
  const isLate = (at: number | null): boolean => since === null || (at !== null && at >= since);
  const hasText = (text: string): boolean => grep === null || text.includes(grep);
  if (log !== 'verbose')
    return (line) => (hasText(line) && (log === 'output' || isLate(monitorTime(line))) ? [line] : []);
  const { adapter } = place.attempt;
  const reader = adapter === null ? null : await context.streamReader(adapter);
  return (line) => {
    const entries = entriesOf(line, reader).filter(({ at }) => isLate(at));
    if (input.has('raw')) {
      const isChosen = entries.some(({ kind }) => kinds === null || kinds.includes(kind));
      return isChosen && hasText(line) ? [line] : [];
    }
    return entries
      .filter(({ kind, text }) => hasText(`${kind} ${text}`) && isShown(kind, kinds, reader !== null))
      .map((entry) => entryLine(entry, lineWidth));
  };
}

const lineWidth = 240;

interface ShowOrder {
  around: Around;
  follow: boolean;
  lines: (line: string) => readonly string[];
}

async function show(context: Context, place: LogPlace, { around, follow, lines: shownOf }: ShowOrder): Promise<void> {
  const { readFrom } = await import('../../actions/read-logs.ts');
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const print = (text: string, end: boolean): void => {
    const lines = (rest + text).split('\n');
    rest = end ? '' : (lines.pop() ?? '');
    const shown = lines.flatMap((line) => shownOf(line));
    if (shown.length > 0) around.write(`${printable(shown.join('\n')).replace(/\n$/, '')}\n`);
  };
  readFrom(`${place.path}.1`, 0, (bytes) => print(decoder.write(bytes), false));
  let offset = readFrom(place.path, 0, (bytes) => print(decoder.write(bytes), false));
  for (let live = follow; live;) {
    // Asked before the last look, so that nothing written before the end is missed.
    live = (await context.store.attempt(place.attempt.token))?.endedAt === null;
    offset = readFrom(place.path, offset, (bytes) => print(decoder.write(bytes), false));
    if (live) await change(place.directory);
  }
  if (rest !== '') print('', true);
}

/** A look now and then besides: file systems without notices, and the attempt's end, which is in the store. */
const lookMs = 500;

async function change(directory: string): Promise<void> {
  await new Promise<void>((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      watcher.close();
      resolve();
    };
    const timer = setTimeout(done, lookMs);
    const watcher = watch(directory, done);
    watcher.on('error', done);
  });
}
