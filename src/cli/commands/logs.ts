import { watch } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';
import { UsageError } from '../../platform/error.ts';
import { printable } from '../../platform/text.ts';
import type { Context } from '../../actions/context.ts';
import type { LogName, LogPlace } from '../../actions/read-logs.ts';
import type { Around, Command } from '../command.ts';

export const command: Command = {
  summary: 'What an attempt printed and did, and what supervision saw.',
  usage: ['logs [TASK] [--log output|verbose|monitor] [--follow] [--grep TEXT] [--token N]'],
  examples: [
    ['orbit logs', 'the log folders, newest first'],
    ['orbit logs T031 --follow', 'the last attempt at T031 as it goes on'],
    ['orbit logs T031 --log verbose --grep tool-call', "the agent's whole stream, filtered"],
  ],
  flags: {
    log: {
      kind: 'text',
      value: 'LOG',
      about: 'output (readable, default), verbose (everything, JSON lines) or monitor (supervision).',
    },
    follow: { kind: 'switch', about: 'Go on as it grows, until the attempt ends.' },
    grep: { kind: 'text', value: 'TEXT', about: 'Only lines with this text.' },
    token: { kind: 'number', about: 'The attempt with this token; the last one by default.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' },
  },
  words: { min: 0, max: 1, names: 'a task' },
  async run(input, around) {
    const context = await around.project();
    const { findLog, listLogs, logFiles } = await import('../../actions/read-logs.ts');
    const [task] = input.words;
    if (task === undefined) {
      const logs = listLogs(context);
      return {
        data: { logs },
        text: logs.length === 0 ? 'No attempt has logs yet.' : logs.map(({ path }) => path).join('\n'),
      };
    }
    const word = input.text('log') ?? 'output';
    if (!Object.hasOwn(logFiles, word))
      throw new UsageError(
        'bad-flag',
        `there is no log ${JSON.stringify(word)}`,
        `known: ${Object.keys(logFiles).join(', ')}`,
      );
    const place = await findLog(context, {
      task,
      plan: input.text('plan'),
      token: input.number('token'),
      log: word as LogName,
    });
    if (around.json)
      return {
        data: { task: place.attempt.task, token: place.attempt.token, directory: place.directory, path: place.path },
        text: '',
      };
    await show(context, place, { around, follow: input.has('follow'), filter: input.text('grep') });
    return { data: null, text: '' };
  },
};

interface ShowOrder {
  around: Around;
  follow: boolean;
  filter: string | null;
}

async function show(context: Context, place: LogPlace, { around, follow, filter }: ShowOrder): Promise<void> {
  const { readFrom } = await import('../../actions/read-logs.ts');
  const decoder = new StringDecoder('utf8');
  let rest = '';
  const print = (text: string, end: boolean): void => {
    const lines = (rest + text).split('\n');
    rest = end ? '' : (lines.pop() ?? '');
    const shown = lines.filter((line) => filter === null || line.includes(filter));
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
