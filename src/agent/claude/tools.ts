/**
 * Claude Code's own tools: what a call is for, which file it changes, and its todo list.
 *
 * The list comes in two forms: `TodoWrite` gives it whole, the newer task tools change one entry at a time.
 */
import type { AgentEvent, ToolKind } from '../agent.ts';
import { fieldsIn, listIn, nameIn, textIn, type Fields } from '../fields.ts';

const kinds: Readonly<Record<string, ToolKind>> = {
  Bash: 'run',
  PowerShell: 'run',
  Read: 'read',
  Glob: 'read',
  Grep: 'read',
  LS: 'read',
  NotebookRead: 'read',
  WebFetch: 'read',
  WebSearch: 'read',
  ToolSearch: 'read',
  TaskGet: 'read',
  TaskList: 'read',
  Edit: 'edit',
  MultiEdit: 'edit',
  Write: 'edit',
  NotebookEdit: 'edit',
  BashOutput: 'wait',
  TaskOutput: 'wait',
  Monitor: 'wait',
  ScheduleWakeup: 'wait',
};

/** Shells that do nothing but wait: `sleep 60`, `wait`, also with an `echo` after it. */
const waiting = /^\s*(?:sleep\s+[\d.]+[smh]?|wait(?:\s+[\d$!%]+)?)\s*(?:(?:;|&&)\s*(?:echo\b[^;&|]*|true)\s*)?$/;

/** A longer command does more than wait, and is not worth a search. */
const waitingLengthMax = 200;

const pathLengthMax = 4_096;
const todoItemsMax = 200;
const itemLengthMax = 1_000;

export function toolKind(tool: string, input: Fields): ToolKind {
  const { command } = input;
  const isWaiting = typeof command === 'string' && command.length <= waitingLengthMax && waiting.test(command);
  if (tool === 'Bash' && isWaiting) return 'wait';
  return Object.hasOwn(kinds, tool) ? (kinds[tool] ?? 'other') : 'other';
}

/** The file that a call changes when it succeeds, or `null`. */
export function changedPath(tool: string, input: Fields): string | null {
  if (toolKind(tool, input) !== 'edit') return null;
  return nameIn(input['file_path'], pathLengthMax) ?? nameIn(input['notebook_path'], pathLengthMax);
}

export interface TodoList {
  /** The list after a call that gives it whole; `null` for other calls. */
  called(tool: string, input: Fields): AgentEvent | null;
  /** The list after a call that succeeded; `null` where it did not change. */
  succeeded(tool: string, input: Fields, result: unknown): AgentEvent | null;
}

export function todoList(): TodoList {
  const entries = new Map<string, { text: string; done: boolean }>();
  const told = (): AgentEvent => ({ type: 'todo', items: [...entries.values()].slice(0, todoItemsMax) });
  return {
    called(tool, input): AgentEvent | null {
      if (tool !== 'TodoWrite' || !Array.isArray(input['todos'])) return null;
      const items = listIn(input['todos'])
        .map(fieldsIn)
        .flatMap((todo) => itemOf(todo['content'], todo['status']));
      return { type: 'todo', items: items.slice(0, todoItemsMax) };
    },
    succeeded(tool, input, result): AgentEvent | null {
      if (tool === 'TaskCreate') {
        const task = fieldsIn(fieldsIn(result)['task']);
        const [id, [item]] = [nameIn(task['id']), itemOf(task['subject'] ?? input['subject'], 'pending')];
        if (id === null || item === undefined || entries.size >= todoItemsMax) return null;
        entries.set(id, item);
        return told();
      }
      const id = tool === 'TaskUpdate' ? nameIn(input['taskId']) : null;
      const entry = id === null ? undefined : entries.get(id);
      if (id === null || entry === undefined) return null;
      const [item] = itemOf(input['subject'] ?? entry.text, input['status'] ?? (entry.done ? 'completed' : 'pending'));
      if (input['status'] === 'deleted') entries.delete(id);
      else if (item !== undefined) entries.set(id, item);
      return told();
    },
  };
}

function itemOf(content: unknown, status: unknown): { text: string; done: boolean }[] {
  const text = textIn(content);
  return text === null ? [] : [{ text: text.slice(0, itemLengthMax).toWellFormed(), done: status === 'completed' }];
}
