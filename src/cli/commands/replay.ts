import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { Found, ReplaySummary } from '../../actions/replay/replay.ts';
import type { Thresholds } from '../../core/supervision/thresholds.ts';
import { UsageError } from '../../platform/error.ts';
import { printable } from '../../platform/text.ts';
import type { Answer, Around, Command, Input } from '../command.ts';

export const command: Command = {
  summary: 'Run the detectors over recorded runs: what they find, when, and on what evidence.',
  usage: ['replay FILE… [--adapter NAME] [--settings JSON|FILE] [--json]'],
  examples: [
    ['orbit replay verbose.jsonl', 'every finding with its evidence, then the verdict: none, hint or act'],
    ['orbit replay runs/*.jsonl', 'a table, and the share of runs with hints and with an end'],
    ['claude -p … --output-format stream-json | orbit replay -', 'the stream of an agent as it comes'],
    [`orbit replay run.jsonl --settings '{"sameResultHint":4}'`, 'the same under another threshold'],
  ],
  flags: {
    adapter: {
      kind: 'text',
      value: 'NAME',
      about:
        'The agent whose stream it is: claude, codex, opencode, gemini, copilot, qwen, acp; found out if left out.',
    },
    settings: {
      kind: 'text',
      value: 'JSON|FILE',
      about: 'Thresholds instead of the default ones: the group "supervision" of the settings, or a file that has one.',
    },
  },
  words: { min: 1, max: 100_000, names: 'files, - for standard input' },
  async run(input, around) {
    const [{ replay }, { thresholds }, { adapterOf }] = await Promise.all([
      import('../../actions/replay/replay.ts'),
      import('../../core/supervision/thresholds.ts'),
      import('../../compose.ts'),
    ]);
    const changed = await thresholdsIn(input.text('settings'), around);
    const isTable = input.words.length > 1;
    const summaries: ReplaySummary[] = [];
    let faults = 0;
    const one = async (name: string): Promise<ReplaySummary> =>
      replay(await bytesOf(name, around), {
        name,
        adapter: input.text('adapter'),
        readerOf: async (adapter) => (await adapterOf(adapter)).reader(),
        limits: { ...thresholds, ...changed },
        isChanged: changed !== null,
        onFinding: (found) => {
          if (around.json) around.write(`${JSON.stringify(isTable ? { file: name, ...found } : found)}\n`);
          else if (!isTable) around.write(`${printable(foundText(found))}\n`);
        },
        warn: around.warn,
      });
    for (const name of input.words) {
      try {
        const summary = await one(name);
        summaries.push(summary);
        if (around.json) around.write(`${JSON.stringify({ summary })}\n`);
        else if (isTable) around.write(`${printable(rowText(summary))}\n`);
      } catch (error) {
        // Of many files one may be no recording: the others are judged all the same.
        if (!isTable || !(error instanceof UsageError)) throw error;
        faults += 1;
        around.warn(`${error.message}; ${error.hint}`);
      }
    }
    const answer = answerOf(summaries, { around, isTable });
    return faults === 0 ? answer : { ...answer, exitCode: 2 };
  },
};

function answerOf(
  summaries: readonly ReplaySummary[],
  { around, isTable }: { around: Around; isTable: boolean },
): Answer {
  const [only] = summaries;
  if (!isTable && only !== undefined) return { data: null, text: around.json ? '' : summaryText(only) };
  const count = (verdict: ReplaySummary['verdict']): number =>
    summaries.filter((one) => one.verdict === verdict).length;
  const [hint, act] = [count('hint'), count('act')];
  const total = Math.max(1, summaries.length);
  const share = (value: number): string => `${((value / total) * 100).toFixed(1)} %`;
  if (around.json) {
    const all = { files: summaries.length, none: count('none'), hint, act };
    around.write(
      `${JSON.stringify({ summary: { ...all, hintShare: (hint + act) / total, actShare: act / total } })}\n`,
    );
    return { data: null, text: '' };
  }
  return {
    data: null,
    text: `${summaries.length} runs: ${count('none')} without a finding; with a hint or more ${hint + act} (${share(hint + act)}), ended ${act} (${share(act)})`,
  };
}

function foundText({ time, line, level, rule, text, evidence }: Found): string {
  const what =
    level === 'act'
      ? `END   ${rule}: ${text}`
      : `HINT  ${rule}: ${(text.split('\n')[0] ?? '').replace('Supervision noticed: ', '')}`;
  const details = evidence.filter((one) => one !== text).map((one) => `        ${one}`);
  return [`${time ?? `line ${line}`}  ${what}${time === null ? '' : ` (line ${line})`}`, ...details].join('\n');
}

function findingsText({ findings }: ReplaySummary): string {
  const parts = Object.entries(findings).map(([rule, { hint, act }]) =>
    [
      rule,
      ...(hint > 0 ? [`${hint} hint${hint > 1 ? 's' : ''}`] : []),
      ...(act > 0 ? [`${act} end${act > 1 ? 's' : ''}`] : []),
    ].join(' '),
  );
  return parts.length === 0 ? 'no findings' : parts.join(', ');
}

function summaryText(summary: ReplaySummary): string {
  const { format, lines, events, unknown, verdict } = summary;
  return `${format}: ${lines} lines, ${events} events, ${unknown} unknown; ${findingsText(summary)}; verdict: ${verdict}`;
}

function rowText(summary: ReplaySummary): string {
  return [
    summary.verdict.padEnd(4),
    String(summary.events).padStart(7),
    summary.format.padEnd(8),
    summary.name,
    findingsText(summary),
  ].join('  ');
}

async function bytesOf(name: string, { directory }: Around): Promise<AsyncIterable<Uint8Array>> {
  if (name === '-') return process.stdin;
  const path = resolve(directory, name);
  const found = await stat(path).catch((error: unknown) => (error as NodeJS.ErrnoException).code ?? 'unknown');
  if (typeof found === 'string' || found.isDirectory()) {
    const why =
      typeof found !== 'string' ? 'is a directory' : found === 'ENOENT' ? 'is not there' : `cannot be read (${found})`;
    throw new UsageError(
      'file-not-found',
      `${name} ${why}`,
      'name recorded runs, such as verbose.jsonl of an attempt (orbit logs)',
    );
  }
  return createReadStream(path);
}

/** Thresholds given on the command line, checked like the settings; `null` if none. */
async function thresholdsIn(
  text: ReturnType<Input['text']>,
  { directory }: Around,
): Promise<Partial<Thresholds> | null> {
  if (text === null) return null;
  const { readSettings } = await import('../../platform/settings.ts');
  const { faultOf } = await import('../../platform/settings-check.ts');
  const isText = text.trimStart().startsWith('{');
  const given = isText ? parse(text) : await readSettings(resolve(directory, text));
  const group = (given['supervision'] ?? (isText ? given : {})) as Record<string, unknown>;
  const fault = faultOf({ supervision: group });
  if (fault !== null)
    throw new UsageError('bad-settings', `--settings: ${fault.message}`, 'see docs/supervision.md for the thresholds');
  return group;
}

function parse(text: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch (error) {
    throw new UsageError(
      'bad-settings',
      `--settings is no JSON: ${(error as Error).message}`,
      `such as '{"sameResultHint":4}'`,
    );
  }
}
