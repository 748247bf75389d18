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
import type { ProcessIdentity } from '../core/attempt.ts';

export type AgentErrorClass = 'quota' | 'login' | 'network' | 'context' | 'agent' | 'tool';

export type AgentEvent =
  | { type: 'session'; id: string }
  | { type: 'message'; text: string }
  | { type: 'thought'; text: string }
  | { type: 'tool-call'; id: string; tool: string; input: string }
  | { type: 'tool-result'; id: string; ok: boolean; text: string }
  | { type: 'file-change'; path: string }
  | { type: 'todo'; items: readonly { text: string; done: boolean }[] }
  | { type: 'usage'; tokens: number; contextUsed: number | null; contextSize: number | null; costUsd: number }
  /** What the agent says about its task. A claim to be checked, never a fact. */
  | { type: 'report'; report: 'complete' | 'failed' | 'blocked' | 'question'; text: string; noChanges: string | null }
  | { type: 'error'; class: AgentErrorClass; text: string; retryAfterMs: number | null; critical: boolean }
  /** `exitCode` is null when a signal ended it. */
  | { type: 'end'; exitCode: number | null; signal: string | null };

/** How soon a hint reaches the model. */
export type HintDelivery = 'now' | 'next-turn' | 'unsupported';

export interface AgentCapabilities {
  hint: HintDelivery;
  interrupt: boolean;
  resume: boolean;
  usage: boolean;
  /** A clean exit counts as the report "complete": true for plain programs, whose exit code is their word. */
  exitIsReport: boolean;
}

export interface AgentOrder {
  /** Absolute path of the workspace; the program's current directory. */
  workspace: string;
  /** Absolute path of the project's top: relative paths in the settings (programs, scripts) start there, never in the workspace. */
  directory: string;
  prompt: string;
  /** A file with the same prompt, for programs that read files; named by ORBIT_PROMPT as well. */
  promptFile: string;
  /** The child's whole environment. */
  environment: Readonly<Record<string, string>>;
  /** Settings of this agent from `orbit.config.json`, already checked. */
  settings: AgentSettings;
  /** A session to go on with, where the adapter can. */
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
  /** Program and arguments, for `command`. */
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
  account?: string;
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
  capabilities(settings: AgentSettings): AgentCapabilities;
  /** Tells why this agent cannot be started here (program missing, not executable), or `null`. */
  fault(settings: AgentSettings, directory: string): Promise<string | null>;
  start(order: AgentOrder): Promise<AgentSession>;
}
