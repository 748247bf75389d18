/**
 * The neutral form of a model request, whatever the wire: what was said so far, which tools may be called, and the reply to give.
 *
 * Each wire file turns its request into a {@link Conversation} and a {@link Reply} into its stream; scenarios know nothing else.
 */

export type Entry =
  /** Words of the user: the prompt, hints, later turns. */
  | { kind: 'user'; text: string }
  /** Words that the agent's program put in (reminders, environment, and with one program also hints). */
  | { kind: 'system'; text: string }
  | { kind: 'assistant'; text: string }
  | { kind: 'result'; text: string };

export interface Tool {
  name: string;
  /** Where the wire groups tools by server. */
  namespace: string | null;
  schema: ToolSchema;
}

export interface ToolSchema {
  properties?: Record<string, { type?: unknown; enum?: unknown[] }>;
  required?: string[];
}

export interface Conversation {
  model: string;
  stream: boolean;
  entries: readonly Entry[];
  tools: readonly Tool[];
  /** System instructions, where the working directory is often told. */
  preamble: string;
  /** The tools are reached through one tool that runs JavaScript. */
  scripted: boolean;
}

/** What the model shall do with a tool, before the program's own tool for it is chosen. */
export type Wish =
  | { do: 'shell'; command: string }
  | { do: 'write'; path: string; text: string }
  | { do: 'mcp'; tool: string; input: Readonly<Record<string, unknown>> }
  /** A tool by its exact name, for what the others cannot say. */
  | { do: 'tool'; name: string; input: Readonly<Record<string, unknown>> };

export interface Call {
  name: string;
  namespace: string | null;
  input: Record<string, unknown>;
}

export interface Usage {
  input: number;
  output: number;
}

export interface Reply {
  id: string;
  thought: string | null;
  /** The text in the pieces in which it is streamed. */
  pieces: readonly string[];
  calls: readonly Call[];
  usage: Usage;
}

export interface Fault {
  status: number;
  kind: 'context' | 'status';
  text: string | null;
  retryAfterS: number | null;
  headers: Readonly<Record<string, string>>;
  /** Further members of the error object. */
  extra: Readonly<Record<string, unknown>>;
}

/** A reply as the pieces of an event stream. */
export interface Stream {
  chunks: readonly string[];
  /** Count of chunks up to the first word or call, for streams that stop there. */
  head: number;
}

export interface Wire {
  name: string;
  matches(path: string): boolean;
  read(body: Record<string, unknown>, path: string): Conversation;
  stream(reply: Reply, conversation: Conversation): Stream;
  /** The same as one JSON document, for the rare request without a stream. */
  whole(reply: Reply, conversation: Conversation): unknown;
  fault(fault: Fault): unknown;
}

/** The text of a content that is a string or a list of parts with `text`. */
export function textOf(content: unknown): string {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return '';
  return content
    .map((part: unknown) => (isRecord(part) && typeof part['text'] === 'string' ? part['text'] : ''))
    .join('\n');
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function recordsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

export function stringOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
