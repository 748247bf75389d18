/**
 * The agent port: how Orbit drives a coding agent and what it hears from it.
 *
 * Owns the one vocabulary of events that all adapters speak. Each folder beside this file is an adapter.
 *
 * An adapter MUST
 * - start its program with an argument list, in a process group of its own, with only the environment it was given;
 * - hand every raw line to `onRaw` before it interprets it, and turn what it cannot interpret into nothing, not an error;
 * - end its event stream with exactly one `end` event, after the process is gone;
 * - survive anything the program prints (I20): its lines come from the bounded splitter `lines.ts`.
 *
 * It MUST NOT throw from the event stream (failure is an event), decide what a finding means, or touch store or git.
 */
import type { HintDelivery, ProcessIdentity } from '../core/attempt.ts';
import type { Thinking } from '../core/thinking.ts';

export type { HintDelivery, Thinking };

export type AgentErrorClass = 'quota' | 'login' | 'network' | 'context' | 'agent' | 'tool';

/** What a tool call is for, as far as the agent's program tells; what it leaves open is judged by name and input. */
export type ToolKind = 'read' | 'edit' | 'run' | 'wait' | 'other';

/** How a turn of a session ended. `limit`: the program's own limit (turns, loop guard), not the model's word. */
export type TurnEnd = 'completed' | 'interrupted' | 'failed' | 'limit';

export type AgentEvent =
  /** `model` and `version` are the program's word, where it gives one. */
  | { type: 'session'; id: string; model?: string; version?: string }
  | { type: 'message'; text: string }
  | { type: 'thought'; text: string }
  /** `input` is the arguments as JSON where they are an object. A later call with the same id tells more of the same call. */
  | { type: 'tool-call'; id: string; tool: string; input: string; kind?: ToolKind }
  /** `ok` is the program's word; `exitCode` wins over it where the program tells one. */
  | { type: 'tool-result'; id: string; ok: boolean; text: string; exitCode?: number }
  | { type: 'file-change'; path: string }
  | { type: 'todo'; items: readonly { text: string; done: boolean }[] }
  /** Totals of the session so far; context as of the last model call. */
  | { type: 'usage'; tokens: number; contextUsed: number | null; contextSize: number | null; costUsd: number }
  /** What the agent says about its task. A claim to be checked, never a fact. */
  | { type: 'report'; report: 'complete' | 'failed' | 'blocked' | 'question'; text: string; noChanges: string | null }
  /** `retrying`: the program tries again by itself, after `retryAfterMs` where it says so: no end, and no silence either. */
  | {
      type: 'error';
      class: AgentErrorClass;
      text: string;
      retryAfterMs: number | null;
      critical: boolean;
      retrying?: boolean;
    }
  /** The receipt: the model was given what a hint said. */
  | { type: 'hint-seen'; text: string }
  /** The agent finished a turn and waits for words. Not its end, and no report either. */
  | { type: 'turn-end'; reason: TurnEnd; text: string }
  /** Something the adapter does not know: kept in the raw log, counted, never fatal. */
  | { type: 'unknown'; name: string }
  /** `exitCode` is null when a signal ended it. */
  | { type: 'end'; exitCode: number | null; signal: string | null };

export interface AgentCapabilities {
  hint: HintDelivery;
  interrupt: boolean;
  resume: boolean;
  usage: boolean;
  /** A clean exit counts as the report "complete": true for plain programs, whose exit code is their word. */
  exitIsReport: boolean;
  /** It works in turns and then waits for words: the stream has `turn-end`, and the process lives until it is stopped. */
  turns: boolean;
  /** It can call the tools of an MCP server named in the order. */
  mcp: boolean;
  /** It takes a thinking budget. */
  thinking: boolean;
}

/** An MCP server on standard input and output that the agent's program starts. */
export interface McpServer {
  name: string;
  /** Absolute path. */
  command: string;
  args: readonly string[];
  /** Its whole environment beyond what the agent's program gives it: it must not depend on that. */
  environment: Readonly<Record<string, string>>;
}

/** Directories of one attempt alone (0700); what an agent's program writes beside its work goes there. */
export interface PrivateDirectories {
  /** HOME: settings, sessions, caches. Kept while the session may be resumed. */
  home: string;
  /** TMPDIR: short enough for sockets, never above or below `home`. Removed when the agent has ended. */
  temporary: string;
  /** The user's own HOME, where a login is copied from. */
  userHome: string;
}

export interface AgentOrder {
  /** Absolute path of the workspace; the program's current directory. */
  workspace: string;
  /** Absolute path of the project's top: relative paths in the settings (programs, scripts) start there, never in the workspace. */
  directory: string;
  prompt: string;
  /** A file with the same prompt, for programs that read files; named by ORBIT_PROMPT as well. */
  promptFile: string;
  /** The child's whole environment: adapters add what their program needs and take away nothing of Orbit's. */
  environment: Readonly<Record<string, string>>;
  /** Settings of this agent from `orbit.config.json`, already checked. */
  settings: AgentSettings;
  /** Model of this attempt; `null`: the settings' or the program's own. */
  model: string | null;
  thinking: Thinking | null;
  /** Orbit's own tools, `null` where the agent shall only use the command line. */
  mcp: McpServer | null;
  directories: PrivateDirectories;
  /** A session to go on with, where the adapter can; its files lie in `directories.home` already. */
  resume: string | null;
  onRaw(line: RawLine): void;
}

export interface RawLine {
  stream: 'out' | 'error' | 'in';
  text: string;
  /** Bytes dropped from this line because it was too long. */
  droppedBytes: number;
}

export interface AgentSettings {
  adapter: string;
  slots: number;
  /** Program and leading arguments: all of it for `command`, another program than the usual one for the others. */
  command?: readonly string[];
  /** Where the prompt goes: standard input, or only the file. */
  prompt?: 'stdin' | 'file';
  /** What standard output means. */
  output?: 'text' | 'json-lines';
  /** `exit`: exit code 0 reports completion. `explicit`: only `orbit complete` or a report line does. */
  report?: 'exit' | 'explicit';
  /** Path of the script, for `scripted`. */
  script?: string;
  model?: string;
  thinking?: Thinking;
  fallbackModels?: readonly string[];
  account?: string;
  /** Megabytes of memory that one attempt is expected to take, and those at which it is ended; with all its processes. */
  memoryMb?: number;
  memoryMaxMb?: number;
  /** Names of environment variables passed on. */
  environment?: readonly string[];
}

export interface AgentSession {
  /** The agent's process, `null` if it could not be started (the stream then tells why). */
  process: ProcessIdentity | null;
  events: AsyncIterable<AgentEvent>;
  /** Says something to the running agent. */
  hint(text: string): Promise<HintDelivery>;
  /** Ends the current turn, keeps the session; `false` where the adapter cannot. */
  interrupt(): Promise<boolean>;
  /** Ends the whole process tree: politely, then by force after `graceMs`; resolves when a look shows it gone. */
  stop(graceMs: number): Promise<void>;
}

export interface AgentAdapter {
  name: string;
  /** Names of environment variables (endpoint, key, proxy) that its program needs from the user's environment, if set there. */
  environmentNames: readonly string[];
  /** Further such names that the user's own settings of the program tell of, such as the one of a provider's key: all secrets. Never throws. */
  userEnvironmentNames?(userHome: string): readonly string[];
  /** Its program gets a HOME and TMPDIR of its own ({@link PrivateDirectories}) and no `XDG_*` of the user's. */
  isolated: boolean;
  capabilities(settings: AgentSettings): AgentCapabilities;
  /** Tells why this agent cannot be started here (program missing, not executable, too old), or `null`. */
  fault(settings: AgentSettings, directory: string): Promise<string | null>;
  /** The program's version, as it tells it; `null` where it has none or cannot be asked. Never throws. */
  version(settings: AgentSettings, directory: string): Promise<string | null>;
  start(order: AgentOrder): Promise<AgentSession>;
  /** A reader of recorded streams of this agent's program, line by line, for replay. State lives in the reader. */
  reader(): StreamReader;
}

/** Turns lines of one recorded or live stream into events. MUST NOT throw, whatever the line. */
export interface StreamReader {
  read(line: { text: string; droppedBytes: number }, stream: 'out' | 'error'): readonly AgentEvent[];
}
