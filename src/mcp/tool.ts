/**
 * A tool: one thing that a model can do through MCP.
 *
 * Owns the shape that each file of `tools/` fills, and how an action's answer or refusal becomes a result. A tool reads its
 * arguments, calls one action and hands back the answer; no rule of the domain lives here, and identity is never an argument.
 */
import type { CallToolResult, ToolAnnotations } from '@modelcontextprotocol/server';
import type { z } from 'zod';
import type { Context } from '../actions/context.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import { OperationalError, UsageError } from '../platform/error.ts';

export interface Tool {
  name: string;
  title: string;
  /** Tells a model what it does, when to use it, and what happens then. */
  description: string;
  annotations: ToolAnnotations;
  input: z.ZodObject;
  output: z.ZodObject;
  /** Where there is no project yet, it makes one first. */
  makesProject?: boolean;
  /** Arguments are checked by `input` already. */
  call: (context: Context, input: never) => Promise<object | Rejection>;
  /** Done once the client has had the answer: when it calls again, or has ended. */
  heard?: (context: Context, answer: object) => Promise<void>;
}

/** Ties the arguments' type to their schema. */
export function tool<Input extends z.ZodObject>(
  definition: Omit<Tool, 'input' | 'call'> & {
    input: Input;
    call: (context: Context, input: z.output<Input>) => Promise<object | Rejection>;
  },
): Tool {
  return definition;
}

/** Reads and changes nothing. */
export const looks: ToolAnnotations = {
  readOnlyHint: true,
  destructiveHint: false,
  idempotentHint: true,
  openWorldHint: false,
};

/** Adds something; calling it again adds it again. */
export const adds: ToolAnnotations = {
  readOnlyHint: false,
  destructiveHint: false,
  idempotentHint: false,
  openWorldHint: false,
};

/** Changes a state; calling it again changes nothing more. */
export const settles: ToolAnnotations = { ...adds, idempotentHint: true };

/** Puts agents to work, which reach the outside world and cost money. */
export const starts: ToolAnnotations = { ...adds, openWorldHint: true };

/** Ends something that runs; what it made is saved. */
export const ends: ToolAnnotations = { ...settles, destructiveHint: true };

export function resultOf(answer: object | Rejection): CallToolResult {
  if (isRejection(answer)) return refusal(answer);
  return {
    content: [{ type: 'text', text: JSON.stringify(answer) }],
    structuredContent: answer,
  };
}

/** What was thrown, as a result that a model can act on. @param log told of bugs. */
export function failureResult(error: unknown, log: (line: string) => void): CallToolResult {
  if (error instanceof UsageError || error instanceof OperationalError) return refusal(error);
  log(error instanceof Error ? (error.stack ?? error.message) : String(error));
  const message = `this is a bug in Orbit: ${error instanceof Error ? error.message : String(error)}`;
  return refusal({ code: 'bug', message, hint: 'use the orbit command line instead, or go on without it' });
}

function refusal({ code, message, hint }: { code: string; message: string; hint: string }): CallToolResult {
  const next = hint === '' ? '' : `\nNext: ${hint}`;
  return { content: [{ type: 'text', text: `${message} [${code}]${next}` }], isError: true };
}
