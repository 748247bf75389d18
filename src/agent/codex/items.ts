/**
 * Items of a Codex thread as events. Both of its streams carry the same items, in camel case (app-server) and in snake case
 * (`codex exec --json`).
 *
 * Invariants: a call is told once and its result once, and no result without its call, whatever comes twice, late or never.
 */
import type { AgentEvent, ToolKind } from '../agent.ts';
import { amountIn, fieldsIn, jsonOf, listIn, nameIn, textIn, type Fields } from '../fields.ts';
import { bareCommand, commandKind } from './command-kind.ts';

export interface OpenCalls {
  /** Of calls whose result has not come. */
  open: Set<string>;
  /** Of calls whose result was told; a late word about them says nothing new. */
  closed: Set<string>;
}

export type ItemStage = 'started' | 'updated' | 'completed';

const pathLengthMax = 4_096;
const changesMax = 500;
const todoItemsMax = 200;
const todoTextLengthMax = 1_000;
/** Results come soon after their calls, so that those told long ago may be forgotten. */
const closedMax = 10_000;
const openMax = 1_000;

export function newCalls(): OpenCalls {
  return { open: new Set(), closed: new Set() };
}

/** A call that an item tells of: `null` for items that are none. */
export function readCallItem(calls: OpenCalls, item: Fields, stage: ItemStage): AgentEvent[] | null {
  const read = readers[typeOf(item)];
  if (read === undefined) return null;
  const id = nameIn(item['id']);
  if (id === null || stage === 'updated' || calls.closed.has(id)) return [];
  const call = read(item);
  const changed = call.result.ok ? call.changed.map((path): AgentEvent => ({ type: 'file-change', path })) : [];
  if (call.isBlind === true && call.result.ok) return stage === 'completed' ? changed : [];
  const events: AgentEvent[] = [];
  if (!calls.open.has(id)) {
    if (calls.open.size >= openMax) events.push(...endCalls(calls));
    calls.open.add(id);
    const { tool, input, kind } = call;
    events.push({ type: 'tool-call', id, tool, input, ...(kind === undefined ? {} : { kind }) });
  }
  if (stage === 'started') return events;
  close(calls, id);
  const { ok, text, exitCode } = call.result;
  events.push({ type: 'tool-result', id, ok, text, ...(exitCode === null ? {} : { exitCode }) });
  return [...events, ...changed];
}

/**
 * Ends calls that have no result. Codex never tells one for a call that a hint overtook: the model is asked again, and the call
 * runs on beside it.
 */
export function endCalls(calls: OpenCalls, why = 'the turn ended'): AgentEvent[] {
  const text = `its end was not told: ${why}`;
  const events = [...calls.open].map((id): AgentEvent => ({ type: 'tool-result', id, ok: true, text }));
  for (const id of calls.open) close(calls, id);
  return events;
}

/** The result of a call whose line was too long to be read: what its beginning tells. */
export function readCutResult(calls: OpenCalls, line: string): AgentEvent[] {
  const head = line.slice(0, 512);
  const id = head.includes('"item/completed"')
    ? /"item":\{"type":"\w+","id":"([^"\\]{1,256})"/.exec(head)?.[1]
    : undefined;
  if (id === undefined || !calls.open.has(id)) return [];
  close(calls, id);
  const ok = !/"status":"(?:failed|declined)"/.test(line.slice(0, 16_384));
  return [{ type: 'tool-result', id, ok, text: 'its output was too long to be read' }];
}

/** `turn/plan/updated` (`plan`), or an item `todo_list` (`items`). */
export function todoEvent(steps: unknown): AgentEvent {
  const items = listIn(steps)
    .slice(0, todoItemsMax)
    .map(fieldsIn)
    .map((step) => ({
      text: (textIn(step['step']) ?? textIn(step['text']) ?? '').slice(0, todoTextLengthMax).toWellFormed(),
      done: step['completed'] === true || step['status'] === 'completed',
    }));
  return { type: 'todo', items };
}

/** Its type in camel case. */
export function typeOf(item: Fields): string {
  // Older versions of the one-shot stream say `item_type` and `assistant_message`.
  const type = nameIn(item['type']) ?? nameIn(item['item_type']) ?? '';
  if (type === 'assistant_message') return 'agentMessage';
  return type.replaceAll(/_([a-z])/g, (_all, letter: string) => letter.toUpperCase());
}

interface Call {
  tool: string;
  input: string;
  kind?: ToolKind;
  result: { ok: boolean; text: string; exitCode: number | null };
  /** Files that it changed, if it succeeded. */
  changed: readonly string[];
  /** Its input does not tell what was changed: two different edits of a file would pass for the same call. */
  isBlind?: boolean;
}

const readers: Readonly<Record<string, (item: Fields) => Call>> = {
  commandExecution: (item) => {
    const command = bareCommand(textIn(item['command']) ?? '');
    const exit = item['exitCode'] ?? item['exit_code'];
    const exitCode = Number.isInteger(exit) ? (exit as number) : null;
    const ok = !hasFailed(item) && (exitCode ?? 0) === 0;
    const text = textIn(item['aggregatedOutput'] ?? item['aggregated_output']) ?? '';
    const kind = commandKind(command, item['commandActions']);
    return { tool: 'shell', input: jsonOf({ command }), kind, result: { ok, text, exitCode }, changed: [] };
  },
  fileChange: (item) => {
    const changes = listIn(item['changes']).slice(0, changesMax).map(fieldsIn);
    const text = hasFailed(item) ? 'the patch was not applied' : '';
    return {
      ...callOf('apply_patch', { changes }, item),
      kind: 'edit',
      result: resultOf(item, text),
      changed: pathsOf(changes),
      isBlind: changes.every(({ diff }) => typeof diff !== 'string'),
    };
  },
  mcpToolCall: (item) => {
    const tool = `mcp__${nameIn(item['server'], 100) ?? ''}__${nameIn(item['tool'], 100) ?? ''}`;
    const result = fieldsIn(item['result']);
    const error = textIn(fieldsIn(item['error'])['message']);
    const isError = result['isError'] === true || error !== null;
    const { ok, ...rest } = resultOf(item, error ?? contentText(result['content']));
    const kind: Pick<Call, 'kind'> = item['readOnlyHint'] === true ? { kind: 'read' } : {};
    return { ...callOf(tool, item['arguments'], item), ...kind, result: { ...rest, ok: ok && !isError } };
  },
  dynamicToolCall: (item) => {
    const call = callOf(nameIn(item['tool']) ?? 'tool', item['arguments'], item);
    const { ok, ...rest } = resultOf(item, contentText(item['contentItems']));
    return { ...call, result: { ...rest, ok: ok && item['success'] !== false } };
  },
  collabAgentToolCall: (item) => collab(item),
  collabToolCall: (item) => collab(item),
  webSearch: (item) => ({ ...callOf('web_search', { query: textIn(item['query']) ?? '' }, item), kind: 'read' }),
  imageView: (item) => ({ ...callOf('view_image', { path: textIn(item['path']) ?? '' }, item), kind: 'read' }),
  imageGeneration: (item) => callOf('image_generation', {}, item),
  sleep: (item) => ({ ...callOf('sleep', { ms: amountIn(item['durationMs']) }, item), kind: 'wait' }),
};

/** Calls to helpers of its own. */
function collab(item: Fields): Call {
  const tool = nameIn(item['tool']) ?? 'agent';
  const input = { prompt: textIn(item['prompt']) ?? '', receivers: listIn(item['receiverThreadIds']) };
  return { ...callOf(`agent_${tool}`, input, item), kind: /wait/i.test(tool) ? 'wait' : 'other' };
}

function callOf(tool: string, input: unknown, item: Fields): Call {
  return { tool, input: jsonOf(input), result: resultOf(item, ''), changed: [] };
}

function resultOf(item: Fields, text: string): Call['result'] {
  return { ok: !hasFailed(item), text, exitCode: null };
}

function hasFailed(item: Fields): boolean {
  return item['status'] === 'failed' || item['status'] === 'declined';
}

/** Both names of a file that was moved. */
function pathsOf(changes: readonly Fields[]): string[] {
  return changes.flatMap(({ path, kind }) =>
    [nameIn(path, pathLengthMax), nameIn(fieldsIn(kind)['move_path'], pathLengthMax)].filter((name) => name !== null),
  );
}

/** The texts of what an MCP server answered. */
function contentText(content: unknown): string {
  const texts = listIn(content).map((part) => textIn(fieldsIn(part)['text']) ?? '');
  return textIn(texts.join('\n')) ?? '';
}

function close({ open, closed }: OpenCalls, id: string): void {
  open.delete(id);
  if (closed.size >= closedMax) closed.clear();
  closed.add(id);
}
