/**
 * What a shell command of Codex is for, and how it reads without the shell around it.
 *
 * Codex tells what it made of a command (`commandActions`); its older and its one-shot streams do not, so that words decide there.
 * A command counts as reading only if every part of it is known to do nothing else.
 */
import type { ToolKind } from '../agent.ts';
import { fieldsIn, listIn } from '../fields.ts';

const reading = new Set(
  'ls cat head tail wc grep egrep fgrep rg ag find fd tree stat file du df pwd nl less more which type cut sort uniq tr diff cmp jq echo printf date env printenv id whoami uname basename dirname realpath readlink true cd test ['.split(
    ' ',
  ),
);
const readingGit = new Set(
  'status log diff show blame branch grep ls-files ls-tree rev-parse describe cat-file'.split(' '),
);
const waiting = /^\s*(?:sleep\s+[\d.]+[smhd]?|wait(?:\s+[\d$!%]+)?)\s*(?:(?:;|&&)\s*(?:echo\b[^;&|]*|true)\s*)?$/;
const editing = /^\s*(?:apply_patch\b|sed\s+(?:-\w*\s+)*-i|tee\s|(?:cat|printf|echo)\b[^|;&]*>>?\s*[^&\s])/;
/** A longer command does more than look around, and is not worth a search. */
const judgedLengthMax = 2_000;

/** @param actions `commandActions` of the item; nothing where the stream has none. */
export function commandKind(command: string, actions: unknown): ToolKind {
  const told = listIn(actions).map((action) => fieldsIn(action)['type']);
  if (told.length > 0 && told.every((type) => type === 'read' || type === 'listFiles' || type === 'search'))
    return 'read';
  if (command.length > judgedLengthMax) return 'run';
  if (waiting.test(command)) return 'wait';
  if (editing.test(command)) return 'edit';
  return isReading(command) ? 'read' : 'run';
}

/** The command that a shell was started for: `/bin/bash -lc 'cat x'` is `cat x`. */
export function bareCommand(command: string): string {
  const inner = /^(?:\S*\/)?(?:ba|z|da|k)?sh\s+-l?c\s+([\s\S]+)$/.exec(command)?.[1]?.trim();
  if (inner === undefined) return command;
  if (/^'[^']*'$/.test(inner)) return inner.slice(1, -1);
  if (/^"[\s\S]*"$/.test(inner)) return inner.slice(1, -1).replaceAll(/\\(["\\$`])/g, '$1');
  // Quotes that change in the middle ('it'"'"'s') are kept: what differs must go on differing.
  return inner;
}

function isReading(command: string): boolean {
  // Output into a file, or a command inside a command, is more than this looks at.
  if (/[`]|\$\(|>(?!\s*(?:\/dev\/null|&\d))/.test(command)) return false;
  const parts = command.split(/\|\||&&|[|;\n]/).map((part) => part.trim());
  return parts.every((part) => part === '' || isReadingPart(part.split(/\s+/)));
}

function isReadingPart(words: readonly string[]): boolean {
  const [program = '', first = ''] = words;
  if (program === 'git') return readingGit.has(first === '--no-pager' ? (words[2] ?? '') : first);
  if (program === 'sed') return first === '-n' && !words.includes('-i');
  if (program === 'find') return !words.some((word) => /^-(?:delete|exec|execdir|ok)$/.test(word));
  return reading.has(program);
}
