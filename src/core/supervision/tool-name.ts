/**
 * What a tool is for, by its name and arguments: for programs that do not say it with the call.
 *
 * Owns the names in use by the common agents. An unknown name is `other`, which counts neither as reading nor as changing.
 */
import type { CallKind } from './event.ts';
import type { ShellCommand } from './shell-command.ts';

export type Fields = Readonly<Record<string, unknown>>;

const shells =
  /^(?:bash|shell|sh|zsh|exec|exec_command|execute_bash|execute_command|run|run_command|run_shell_command|run_terminal_cmd|run_in_terminal|terminal|local_shell|container\.exec|command_execution|commandexecution|cmd|powershell|execute|developer__shell|bash_command|terminal_command|send_keys)$/;
const bookkeeping =
  /^(?:todo_?write|todo_?read|write_?todos?|read_?todos?|update_?todos?|manage_?todo_?list|update_?plan|set_?plan|plan|think|thinking|report_?intent|task_?tracker|sequential_?thinking|save_?memory|enter_?plan_?mode|exit_?plan_?mode|my_?task|progress|note)$/;
const polls =
  /^(?:bashoutput|bash_?output|task_?output|read_bash|read_output|get_output|get_terminal_output|write_stdin|check_\w*status|get_\w*status|process|poll\w*|job_?status)$/;
const waits = /^(?:wait\w*|sleep\w*|await\w*|monitor)$/;
const reads =
  /^(?:read\w*|view\w*|open\w*|cat|ls|list\w*|glob\w*|grep\w*|search\w*|find\w*|fetch\w*|web\w*|google\w*|get_(?:file|dir|symbol|definition|references)\w*|goto\w*|scroll\w*|notebookread|codebase_search|semantic_search|file_search|inspect\w*|show\w*|lsp\w*|toolsearch)$/;
const edits =
  /(?:^|[_.-])(?:edit\w*|multi_?edit|write|write_?file|write_to_file|create|create_?file|insert\w*|append\w*|replace\w*|str_?replace\w*|apply\w*|patch\w*|delete\w*|remove\w*|move_?file|rename\w*|notebook_?edit|file_?change|update_?file|undo_?edit|new_?file)$/;
/** Helpers of the agent's own, which are silent while they work. */
const helpers = /^(?:task|agent|dispatch_agent|spawn_agent|subagent|delegate\w*|explore)$/;

/** The name without what only says where the tool comes from. */
export function bareName(tool: string): string {
  return tool.replace(/^(?:mcp__\w+?__|default_api[.:]|functions\.|(?:mcp_)?orbit[_-](?=\w))/, '').toLowerCase();
}

export function isBookkeeping(name: string): boolean {
  return bookkeeping.test(name);
}

export function isPoll(name: string): boolean {
  return polls.test(name);
}

export function isHelper(name: string): boolean {
  return helpers.test(name);
}

/** The command line of a shell tool, `null` of any other. */
export function commandOf(name: string, fields: Fields | null, input: string): string | null {
  if (fields === null) return shells.test(name) ? commandText(wordsIn(input) ?? input) : null;
  const isShell = shells.test(name);
  const given = fields['cmd'] ?? (isShell || !/edit|file|replace|note/.test(name) ? fields['command'] : undefined);
  const told =
    given ?? (isShell ? (fields['script'] ?? fields['code'] ?? fields['input'] ?? fields['keystrokes']) : undefined);
  return typeof told === 'string' || Array.isArray(told) ? commandText(told) : null;
}

/** `["bash","-lc","…"]` and `/bin/bash -lc '…'` mean what stands inside. */
function commandText(command: string | readonly unknown[]): string {
  if (typeof command === 'string') {
    return /^\S*\/?(?:ba|z|da)?sh\s+-\w*c\s+(['"])([\s\S]*)\1\s*$/.exec(command)?.[2] ?? command;
  }
  const [program, flag, script] = command.map(String);
  const isVector = command.length === 3 && /(?:^|\/)(?:ba|z|da)?sh$/.test(program ?? '') && /^-\w*c$/.test(flag ?? '');
  return isVector ? (script ?? '') : command.map(String).join(' ');
}

function wordsIn(input: string): readonly unknown[] | null {
  if (input.charCodeAt(0) !== 0x5b) return null;
  try {
    const words = JSON.parse(input) as unknown;
    return Array.isArray(words) ? words : null;
  } catch {
    return null;
  }
}

/** A command that sleeps less is no declared wait. */
const shortSleepS = 5;

export interface ToolUse {
  name: string;
  /** What its program says it is for. */
  told: CallKind | undefined;
  fields: Fields | null;
  shell: ShellCommand | null;
}

export function kindOf({ name, told, fields, shell }: ToolUse): CallKind {
  if (isEmptyInput(name, fields)) return 'wait';
  if (shell !== null)
    return shell.kind === 'wait' && shell.sleepS > 0 && shell.sleepS < shortSleepS ? 'run' : shell.kind;
  const way = fields?.['command'];
  // One tool for looking at files and for changing them, told apart by an argument.
  if (typeof way === 'string' && /edit|file/.test(name)) return /^(?:view|read|open)/.test(way) ? 'read' : 'edit';
  if (told !== undefined && told !== 'other') return told;
  if (waits.test(name)) return 'wait';
  if (edits.test(name)) return 'edit';
  return reads.test(name) ? 'read' : 'other';
}

/** Asking a running program for more output by typing nothing into it. */
function isEmptyInput(name: string, fields: Fields | null): boolean {
  if (fields === null || !/stdin|bash|shell|terminal|exec/.test(name)) return false;
  return (fields['chars'] ?? fields['input'] ?? fields['command']) === '';
}
