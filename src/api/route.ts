/**
 * A route: one method at one path, who may call it, what it takes, and the action that answers.
 *
 * Owns the form that each file of `routes/` fills. No rule of the domain lives in a route: it reads what was sent, calls one action
 * and hands back the answer. `who` has no default, so that a route that says nothing cannot be written.
 */
import type { z } from 'zod';
import type { Context } from '../actions/context.ts';
import type { Rejection } from '../core/rejection.ts';
import type { Role } from './access.ts';

/** What a handler gets; everything in it was checked. */
export interface Call<Params = unknown, Query = unknown, Body = unknown> {
  /** The project, with the caller as whoever proved to call. */
  context: Context;
  role: Role;
  params: Params;
  query: Query;
  body: Body;
  /** The version that the client has seen (`If-Match`), or `null`. */
  ifMatch: string | null;
}

export interface Route {
  method: 'get' | 'post' | 'put' | 'patch' | 'delete';
  /** With `{name}` for what varies. */
  path: string;
  who: readonly Role[];
  /** The noun that the document groups it under. */
  noun: string;
  summary: string;
  params?: z.ZodObject;
  query?: z.ZodObject;
  body?: z.ZodType;
  answer: z.ZodType;
  status: 200 | 201;
  handle: (call: Call<never, never, never>) => Promise<unknown>;
  /** The version of what it answers or changes, for `ETag` and `If-Match`; absent: the answer's own bytes. */
  version?: (call: Call<never, never, never>) => Promise<string>;
}

/** An interface has no index signature, so none is asked of an answer: open shapes may hold more, which nothing checks. */
type Closed<Shape> = Shape extends readonly (infer Item)[]
  ? readonly Closed<Item>[]
  : Shape extends object
    ? { [Key in keyof Shape as string extends Key ? never : Key]: Closed<Shape[Key]> }
    : Shape;

type Read<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined;

/** Ties a handler's arguments and answer to their schemas. */
export function route<
  Answer extends z.ZodType,
  Params extends z.ZodObject | undefined = undefined,
  Query extends z.ZodObject | undefined = undefined,
  Body extends z.ZodType | undefined = undefined,
>(
  definition: Omit<Route, 'params' | 'query' | 'body' | 'answer' | 'status' | 'handle' | 'version'> & {
    params?: Params;
    query?: Query;
    body?: Body;
    answer: Answer;
    status?: Route['status'];
    handle: (call: Call<Read<Params>, Read<Query>, Read<Body>>) => Promise<Closed<z.input<Answer>> | Rejection>;
    version?: (call: Call<Read<Params>, Read<Query>, Read<Body>>) => Promise<string>;
  },
): Route {
  const { params, query, body, version, ...rest } = definition;
  return {
    status: 200,
    ...rest,
    ...(params === undefined ? {} : { params }),
    ...(query === undefined ? {} : { query }),
    ...(body === undefined ? {} : { body }),
    ...(version === undefined ? {} : { version: version }),
    handle: rest.handle,
  };
}
