/** What a reader of Claude Code's stream remembers of it, and nothing else does. */
import { todoList } from './tools.ts';
import type { Fields } from '../fields.ts';
import { usageSoFar } from './usage.ts';

export interface Call {
  tool: string;
  input: Fields;
}

export interface StreamState {
  session: string | null;
  model: string | null;
  /** The login can be renewed by the program itself, so that a first refusal may be an old token. */
  isRenewable: boolean;
  /** The first message echoed is the prompt; those after it are hints. */
  isPromptSeen: boolean;
  /** A critical error was told in this turn. */
  isFailed: boolean;
  resetAt: number | null;
  /** The last try that was told. */
  retry: string | null;
  /** Waited between tries since the service last answered. */
  stormMs: number;
  parts: number;
  /** Parts of messages come, and with them what each call used in the end. */
  hasParts: boolean;
  lastMessage: string | null;
  at: number;
  calls: Map<string, Call>;
  todo: ReturnType<typeof todoList>;
  usage: ReturnType<typeof usageSoFar>;
  now(): number;
}

export function streamState(now: () => number): StreamState {
  const state: StreamState = {
    session: null,
    model: null,
    isRenewable: false,
    isPromptSeen: false,
    isFailed: false,
    resetAt: null,
    retry: null,
    stormMs: 0,
    parts: 0,
    hasParts: false,
    lastMessage: null,
    at: 0,
    calls: new Map(),
    todo: todoList(),
    usage: usageSoFar(() => state.model),
    now: () => Math.max(state.at, now()),
  };
  return state;
}

/** Whether a line is of the agent itself, not of a subagent. */
export function isMain(fields: Fields): boolean {
  return typeof fields['parent_tool_use_id'] !== 'string';
}
