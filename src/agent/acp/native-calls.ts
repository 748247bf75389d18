/**
 * Tool calls in the programs' own formats, for replay: a call with its whole input, a result by the same id.
 *
 * Pure, stateful. Kinds come from the tools' names, because these formats tell none.
 */
import type { AgentEvent, ToolKind } from '../agent.ts';
import { fieldsIn, jsonOf, listIn, nameIn, textIn, type Fields } from '../fields.ts';

export interface NativeCalls {
  call(call: { id: unknown; tool: unknown; input: unknown }): readonly AgentEvent[];
  result(result: { id: unknown; ok: boolean; text: string; exitCode?: unknown }): readonly AgentEvent[];
}

const openMax = 256;

export function nativeCalls(): NativeCalls {
  /** Paths that a call changes if it succeeds. */
  const open = new Map<string, string | null>();
  return {
    call(call): readonly AgentEvent[] {
      const [id, tool] = [nameIn(call.id), nameIn(call.tool)];
      if (id === null || tool === null) return [];
      const kind = kinds[tool] ?? 'other';
      const input = fieldsIn(call.input);
      const path = nameIn(input['file_path'] ?? input['path'] ?? input['notebook_path'], pathLengthMax);
      open.set(id, kind === 'edit' ? path : null);
      for (const oldest of open.keys()) if (open.size > openMax) open.delete(oldest);
      const text = typeof call.input === 'string' ? (textIn(call.input) ?? '') : jsonOf(call.input);
      return [{ type: 'tool-call', id, tool, input: text, kind }, ...todoOf(tool, input)];
    },
    result({ id: told, ok, text, exitCode }): readonly AgentEvent[] {
      const id = nameIn(told);
      if (id === null || !open.has(id)) return [];
      const path = open.get(id) ?? null;
      open.delete(id);
      const code = Number.isInteger(exitCode) ? (exitCode as number) : exitCodeIn(text);
      const changed: AgentEvent[] = ok && path !== null ? [{ type: 'file-change', path }] : [];
      const isOk = ok && (code ?? 0) === 0;
      return [...changed, { type: 'tool-result', id, ok: isOk, text, ...(code === null ? {} : { exitCode: code }) }];
    },
  };
}

const pathLengthMax = 4_096;

const kinds: Readonly<Record<string, ToolKind>> = {
  ...Object.fromEntries(
    'read_file read_many_files list_directory glob grep_search search_file_content grep rg view web_fetch google_web_search get_goal'
      .split(' ')
      .map((name): [string, ToolKind] => [name, 'read']),
  ),
  ...Object.fromEntries(
    'write_file replace edit notebook_edit apply_patch create str_replace_editor'
      .split(' ')
      .map((name): [string, ToolKind] => [name, 'edit']),
  ),
  run_shell_command: 'run',
  bash: 'run',
  read_bash: 'wait',
  read_background_output: 'wait',
};

/** `Command exited with code: 7`, `Exit Code: 7`, `<shellId: 0 completed with exit code 7>`, at the end of a command's output. */
function exitCodeIn(text: string): number | null {
  const found =
    /(?:^|\n)(?:Command exited with code|Exit Code): (\d{1,3})\b|<shellId: \S+ completed with exit code (\d{1,3})>\s*$/.exec(
      text.slice(-4_096),
    );
  return found === null ? null : Number(found[1] ?? found[2]);
}

/** Lists that programs keep by a tool: the input is the whole list each time. */
function todoOf(tool: string, input: Fields): AgentEvent[] {
  if (tool !== 'write_todos' && tool !== 'todo_write') return [];
  const items = listIn(input['todos'])
    .slice(0, 200)
    .map(fieldsIn)
    .map(({ description, content, status }) => ({
      text: (textIn(content) ?? textIn(description) ?? '').slice(0, pathLengthMax).toWellFormed(),
      done: status === 'completed',
    }));
  return [{ type: 'todo', items }];
}
