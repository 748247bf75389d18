/**
 * Task head: the `T031 @claude Title` behind a checkbox of a layered plan.
 *
 * Owns when a line is a task. A name that says so by its form (`T031`, `US-7`, `4.1`) needs nothing more; any other name must be
 * followed by `@agent` or `@any`, or else `- [ ] write tests` would become a task named `write`.
 */
import { nameFault } from '../core/id.ts';
import { cleanText } from './clean-text.ts';
import type { Checkbox } from './checkbox.ts';
import { readInline, writeInline } from './markdown-inline.ts';

export interface TaskHead {
  id: string;
  /** `null` = any. */
  agent: string | null;
  /** Clean; empty when the line has none. */
  title: string;
  /** Why the id cannot be one, or `null`. */
  idFault: string | null;
  /** An `@name` that cannot be an agent; it stays in the title. */
  notAgent: string | null;
}

/** Reads what follows the brackets; `null` when no id stands there. */
export function readTaskHead(box: Checkbox): TaskHead | null {
  const [word, tail] = firstWord(readInline(cleanText(box.rest)).replaceAll('\t', ' ').trim());
  const id = word
    .replace(/^\*\*(.+)\*\*$/, '$1')
    .replace(/^`(.+)`$/, '$1')
    .replace(/:$/, '');
  const [mention, title] = tail.startsWith('@') ? firstWord(tail) : ['', tail];
  const agent = mention.slice(1).replace(/[,:;]$/, '');
  const isAny = agent.toLowerCase() === 'any';
  const isAgent = mention !== '' && (isAny || nameFault(agent) === null);
  const fault = isReserved(id) ? 'it means that there is nothing' : nameFault(id);
  if (!isAgent && !(fault === null ? hasIdForm(id) : /^[A-Za-z]{1,8}-?\d/.test(id))) return null;
  return {
    id,
    agent: isAgent && !isAny ? agent : null,
    title: isAgent ? title : tail,
    idFault: fault,
    notAgent: isAgent || mention === '' ? null : mention,
  };
}

/** The reverse of {@link readTaskHead}. `title` is one clean line. */
export function writeTaskHead(task: { id: string; agent: string | null; title: string }): string {
  const explicit = !hasIdForm(task.id) || task.title.startsWith('@');
  const mention = task.agent !== null ? ` @${task.agent}` : explicit ? ' @any' : '';
  return writeInline(`${task.id}${mention} ${task.title}`.trimEnd());
}

/** Words that stand for an empty list of ids. */
export function isReserved(word: string): boolean {
  return /^(?:none|n\/a|nil|[-–—]+)$/i.test(word);
}

/** Names that are ids at first sight: `T031`, `t031`, `TASK-12.01`, `T7b`, `4.1`. */
function hasIdForm(name: string): boolean {
  return /^(?:[A-Za-z]+\d{2,}|[A-Z][A-Za-z]*[-_.]?\d+)[A-Za-z]?(?:[._-]\d+)*$|^\d+(?:\.\d+)+$/.test(name);
}

function firstWord(text: string): [word: string, tail: string] {
  const word = /^\S*/.exec(text)?.[0] ?? '';
  return [word, text.slice(word.length).trimStart()];
}
