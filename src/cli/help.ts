/**
 * Help: the overview and the page of each verb, made from what the commands say about themselves.
 */
import type { Answer, Command } from './command.ts';
import { commonFlags } from './flags.ts';
import { columns } from './output.ts';
import { groups, verbs } from './verbs.ts';

export async function overview(): Promise<Answer> {
  const parts = [
    'Orbit turns a git repository and a list of tasks into landed work, with many coding agents side by side.',
    '',
    'Usage: orbit <command> [words] [flags]',
    '',
  ];
  const data: { verb: string; summary: string }[] = [];
  for (const group of groups) {
    const rows: string[][] = [];
    for (const [verb, entry] of Object.entries(verbs)) {
      if (entry.group !== group) continue;
      const { summary } = await entry.load();
      rows.push([`  ${verb}`, summary]);
      data.push({ verb, summary });
    }
    parts.push(group, ...columns(rows), '');
  }
  parts.push('orbit help <command> shows flags and examples. Every command knows --json.');
  parts.push('Exit codes: 0 done, 1 failed, 2 wrong call, 3 refused, 4 a person is needed, 70 a bug, 130 interrupted.');
  return { data: { commands: data }, text: parts.join('\n') };
}

export function about(verb: string, command: Command): Answer {
  const own = Object.entries(command.flags);
  const parts = [
    command.summary,
    '',
    ...command.usage.map((line, at) => `${at === 0 ? 'Usage: ' : '       '}orbit ${line}`),
  ];
  if (own.length > 0) parts.push('', 'Flags', ...flagLines(own));
  parts.push('', 'Flags of every command', ...flagLines(Object.entries(commonFlags)));
  if (command.examples.length > 0) {
    parts.push('', 'Examples', ...columns(command.examples.map(([line, meaning]) => [`  ${line}`, meaning])));
  }
  const { summary, usage, examples } = command;
  return { data: { verb, summary, usage, examples, flags: command.flags }, text: parts.join('\n') };
}

function flagLines(flags: readonly (readonly [string, Command['flags'][string]])[]): string[] {
  return columns(
    flags.map(([name, flag]) => [
      `  --${name}${flag.kind === 'switch' ? '' : ` ${flag.value ?? (flag.kind === 'number' ? 'N' : 'TEXT')}`}`,
      flag.about,
    ]),
  );
}
