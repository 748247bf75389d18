/** Calls the API: JSON in and out, and errors as the server tells them. The session's cookie goes along by itself. */
import type { z } from 'zod';
import type { problem } from '../../../src/api/contract/views.ts';

type Told = z.infer<typeof problem>;

/** What the server refused, with its code and what to do next; `status` 0: it was not reached. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string;
  readonly faults: readonly { readonly field: string; readonly message: string }[];

  /** After so many milliseconds it may be asked again. */
  readonly waitMs: number;

  constructor(told: Pick<Told, 'status' | 'code' | 'detail' | 'hint' | 'faults'>, waitMs = 1_000) {
    super(told.detail);
    this.status = told.status;
    this.code = told.code;
    this.hint = told.hint;
    this.faults = told.faults ?? [];
    this.waitMs = waitMs;
  }
}

export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

/** Answers what the server answers at `path`. Throws {@link ApiProblem}. */
export async function callApi<Answer>(path: string, call: Call = {}): Promise<Answer> {
  const { method = 'GET', body, headers = {}, signal } = call;
  const response = await send(path, {
    method,
    credentials: 'same-origin',
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!response.ok) throw await problemOf(response);
  return (response.status === 204 ? undefined : await response.json()) as Answer;
}

async function send(path: string, request: RequestInit): Promise<Response> {
  try {
    return await fetch(path, request);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem({
      status: 0,
      code: 'not-reached',
      detail: 'The server did not answer.',
      hint: 'See whether `orbit serve` still runs; what you did here was perhaps not done.',
    });
  }
}

/** The error that a failed response tells. */
async function problemOf(response: Response): Promise<ApiProblem> {
  const told = (await response.json().catch(() => ({}))) as Partial<Told>;
  const waitS = Number(response.headers.get('retry-after') ?? 1);
  const problem = {
    status: response.status,
    code: told.code ?? `http-${response.status}`,
    detail: told.detail ?? `The server answered ${response.status}.`,
    hint: told.hint ?? '',
    ...(told.faults === undefined ? {} : { faults: told.faults }),
  };
  return new ApiProblem(problem, Number.isFinite(waitS) ? waitS * 1_000 : 1_000);
}
