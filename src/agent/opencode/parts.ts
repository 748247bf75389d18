/**
 * Parts of messages as events: texts, thoughts, tools, steps. Both of OpenCode's streams carry the same parts.
 *
 * Invariant: a part is told once, however often it comes. A text is told when it is whole; while one is being written for long,
 * what there is of it is told every few seconds, so that a slow model is not taken for a silent one.
 */
import { limits } from '../../core/limits.ts';
import type { AgentEvent, ToolKind } from '../agent.ts';
import { eventText } from '../event-text.ts';
import { amountIn, fieldsIn, listIn, type Fields } from '../fields.ts';
import { cleanText } from '../lines.ts';
import { textOf } from './fields.ts';
import { retryEvent, faultOf } from './fault.ts';
import { msBetween, openTurn, type Draft, type Reading } from './reading.ts';

/** A text that is not whole is told in pieces this far apart, well within the time after which silence counts. */
const draftTellMs = 10_000;
const pathLengthMax = 4_096;
const filesMax = 500;
const todoItemsMax = 200;
/** Hints that wait for a model call; more are not looked for. */
const hintsMax = 100;

/** What a part says. @param part as in `message.part.updated` or a line of `opencode run`; @param isChild of a helper's session. */
export function readPart(reading: Reading, part: Fields, isChild: boolean): AgentEvent[] {
  switch (part['type']) {
    case 'text':
      return isChild ? [] : readText(reading, part);
    case 'reasoning':
      return isChild ? [] : readDraft(reading, part, 'thought');
    case 'tool':
      return readTool(reading, part);
    case 'step-start':
      return isChild ? [] : beginStep(reading, part);
    case 'step-finish':
      return finishStep(reading, part, isChild);
    case 'patch':
      return listIn(part['files'])
        .slice(0, filesMax)
        .flatMap((file) => changed(reading, textOf(file)));
    case 'retry':
      return readRetry(reading, part);
    case 'compaction':
      return isChild || seen(reading, part) ? [] : [message('OpenCode shortens the conversation to make room.')];
    case 'file':
    case 'agent':
    case 'snapshot':
    case 'subtask':
      return [];
    default:
      return [{ type: 'unknown', name: `part ${textOf(part['type']).slice(0, 64)}` }];
  }
}

/** A piece of a text that is being written. @param at by the stream's clock, see `timeOfId`. */
export function readDelta(reading: Reading, properties: Fields, at: number | null): AgentEvent[] {
  const draft = reading.drafts.get(textOf(properties['partID']));
  if (draft === undefined || properties['field'] !== 'text') return [];
  if (draft.text.length < limits.lineBytesMax) draft.text += textOf(properties['delta']);
  draft.since ??= at;
  if (at === null || draft.since === null || msBetween(draft.since, at) < draftTellMs) return [];
  draft.since = null;
  return tellDraft(reading, draft);
}

/** The end of a turn: what was being written is told as it stands, and does not come again. */
export function endDrafts(reading: Reading): AgentEvent[] {
  const events: AgentEvent[] = [];
  for (const [id, draft] of reading.drafts.entries()) {
    events.push(...tellDraft(reading, draft));
    reading.told.set(id, 'done');
  }
  reading.drafts.clear();
  return events;
}

export function todoEvent(reading: Reading, todos: readonly unknown[]): AgentEvent[] {
  const items = todos.slice(0, todoItemsMax).map((todo) => {
    const { content, status } = fieldsIn(todo);
    const done = status === 'completed' || status === 'cancelled';
    return { text: cleanText(textOf(content)).slice(0, pathLengthMax), done };
  });
  const told = JSON.stringify(items);
  if (told === reading.todo) return [];
  reading.todo = told;
  return [{ type: 'todo', items }];
}

function readText(reading: Reading, part: Fields): AgentEvent[] {
  const of = reading.roles.get(textOf(part['messageID']))?.of ?? (part['time'] === undefined ? 'user' : 'assistant');
  if (of !== 'user') return readDraft(reading, part, of === 'summary' ? 'thought' : 'message');
  // What OpenCode says in the user's name, as after it shortened a conversation, is nobody's word.
  if (part['synthetic'] === true || part['ignored'] === true || seen(reading, part)) return [];
  if (reading.isPrompted && reading.hints.length < hintsMax)
    reading.hints.push({ text: textOf(part['text']), answer: null });
  reading.isPrompted = true;
  return [];
}

function readDraft(reading: Reading, part: Fields, as: Draft['as']): AgentEvent[] {
  const id = textOf(part['id']);
  if (reading.told.get(id) === 'done') return [];
  const isWhole = fieldsIn(part['time'])['end'] !== undefined;
  const known = reading.drafts.get(id);
  if (!isWhole) {
    if (known === undefined) reading.drafts.set(id, { as, text: '', toldLength: 0, since: null });
    return [];
  }
  reading.drafts.delete(id);
  reading.told.set(id, 'done');
  // After the end of a turn only remains of it come: telling them would look like the beginning of another one.
  if (reading.turn.hasEnded) return [];
  const text = textOf(part['text']).slice(known?.toldLength ?? 0);
  return tellDraft(reading, { as, text, toldLength: 0, since: null });
}

function tellDraft(reading: Reading, draft: Draft): AgentEvent[] {
  const { text, as } = draft;
  draft.toldLength += text.length;
  draft.text = '';
  if (text.trim() === '') return [];
  if (as === 'message') reading.turn.lastWords = text;
  return [{ type: as, text: eventText(cleanText(text)) }];
}

function readTool(reading: Reading, part: Fields): AgentEvent[] {
  const state = fieldsIn(part['state']);
  const id = nameOf(part['callID']) || nameOf(part['id']);
  const { status } = state;
  if (id === '' || status === 'pending') return [];
  const before = reading.told.get(id);
  if (before === 'done') return [];
  const events: AgentEvent[] = [];
  const tool = nameOf(part['tool']) || 'unknown';
  const input = fieldsIn(state['input']);
  if (before === undefined) {
    const kind = kindOf(tool);
    const text = eventText(cleanText(JSON.stringify(input)));
    events.push({ type: 'tool-call', id, tool, input: text, ...(kind === null ? {} : { kind }) });
    reading.told.set(id, 'started');
  }
  if (status !== 'completed' && status !== 'error') return events;
  reading.told.set(id, 'done');
  // A call of a tool that there is none of, or with wrong arguments, is carried out by the tool "invalid".
  const isRefused = status === 'error' || tool === 'invalid';
  events.push(resultEvent(id, state, isRefused));
  if (isRefused) return events;
  const metadata = fieldsIn(state['metadata']);
  if (/^todo/i.test(tool)) events.push(...todoEvent(reading, listIn(metadata['todos'] ?? input['todos'])));
  if (kindOf(tool) === 'edit') {
    for (const file of filesOf(input, metadata)) events.push(...changed(reading, file));
  }
  return events;
}

/** A command that failed is `completed` all the same; its exit code tells. */
function resultEvent(id: string, state: Fields, isRefused: boolean): AgentEvent {
  const text = eventText(cleanText(textOf(state['output']) || textOf(state['error'])));
  const metadata = fieldsIn(state['metadata']);
  const { exit } = metadata;
  if (typeof exit === 'number' && Number.isInteger(exit)) {
    return { type: 'tool-result', id, ok: !isRefused && exit === 0, text, exitCode: exit };
  }
  // A command without an exit code was stopped from outside.
  return { type: 'tool-result', id, ok: !isRefused && exit !== null, text };
}

function beginStep(reading: Reading, part: Fields): AgentEvent[] {
  if (seen(reading, part)) return [];
  openTurn(reading);
  reading.turn.hasStep = true;
  reading.turn.failure = null;
  reading.turn.hitLimit = false;
  reading.files.clear();
  // What an earlier call left unfinished was dropped: the model begins again.
  reading.drafts.clear();
  const answer = textOf(part['messageID']);
  const taken = reading.hints.filter((hint) => hint.answer === answer);
  reading.hints = reading.hints.filter((hint) => hint.answer !== answer);
  return taken.map(({ text }) => ({ type: 'hint-seen', text: eventText(cleanText(text)) }));
}

function finishStep(reading: Reading, part: Fields, isChild: boolean): AgentEvent[] {
  if (seen(reading, part)) return [];
  const tokens = fieldsIn(part['tokens']);
  const cache = fieldsIn(tokens['cache']);
  const parts = [tokens['input'], tokens['output'], tokens['reasoning'], cache['read'], cache['write']];
  const sum = parts.reduce<number>((total, count) => total + (amountIn(count) ?? 0), 0);
  const { usage } = reading;
  usage.tokens += sum;
  usage.costUsd += amountIn(part['cost']) ?? 0;
  if (!isChild) {
    usage.contextUsed = sum;
    reading.turn.hitLimit = part['reason'] === 'length';
  }
  return [{ type: 'usage', ...usage, contextSize: reading.contextSize }];
}

function readRetry(reading: Reading, part: Fields): AgentEvent[] {
  const fault = faultOf(part['error'], reading.now);
  if (fault.is !== 'error') return [];
  if (fault.event.class === 'login') return [fault.event];
  const { text, retryAfterMs } = fault.event;
  const told = retryEvent({ message: text }, retryAfterMs, reading.now);
  return [told.type === 'error' ? { ...told, class: fault.event.class } : told];
}

function changed(reading: Reading, path: string): AgentEvent[] {
  if (path === '' || path.length > pathLengthMax || reading.files.has(path)) return [];
  if (reading.files.size < filesMax) reading.files.add(path);
  return [{ type: 'file-change', path: cleanText(path) }];
}

/** The absolute paths of the tool's own report, else what it was told to write. */
function filesOf(input: Fields, metadata: Fields): string[] {
  const one = textOf(metadata['filepath']) || textOf(fieldsIn(metadata['filediff'])['file']);
  if (one !== '') return [one];
  const files = listIn(metadata['files']).map((file) => {
    const { filePath, path, file: name } = fieldsIn(file);
    return textOf(file) || textOf(filePath) || textOf(path) || textOf(name);
  });
  if (files.length > 0) return files.slice(0, filesMax);
  const patch = textOf(input['patchText']);
  const named = [...patch.matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.+)$/gm)].map((match) => match[1] ?? '');
  return named.length > 0 ? named.slice(0, filesMax) : [textOf(input['filePath'])];
}

function kindOf(tool: string): ToolKind | null {
  if (/^(bash|shell)$/.test(tool)) return 'run';
  if (/^(read|grep|glob|list|ls|lsp|webfetch|websearch|codesearch|skill|todoread)$/.test(tool)) return 'read';
  if (/^(edit|write|patch|apply_patch|multiedit)$/.test(tool)) return 'edit';
  return /^(task|todowrite|question|invalid)$/.test(tool) ? 'other' : null;
}

/** Whether this part came before; remembers it. */
function seen(reading: Reading, part: Fields): boolean {
  const id = textOf(part['id']);
  if (id === '') return false;
  if (reading.told.get(id) === 'done') return true;
  reading.told.set(id, 'done');
  return false;
}

function nameOf(value: unknown): string {
  return cleanText(textOf(value)).slice(0, 256);
}

function message(text: string): AgentEvent {
  return { type: 'message', text };
}
