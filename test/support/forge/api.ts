/** What a fake forge's interface is asked, and how it answers. */
import type { Hub } from './hub.ts';

export interface ApiRequest {
  method: string;
  /** Below the interface's beginning, such as `/repos/acme/app/pulls`. */
  path: string;
  query: URLSearchParams;
  body: Record<string, unknown>;
}

export interface ApiAnswer {
  status: number;
  body: unknown;
  /** A list, to be cut into pages. */
  isList?: boolean;
}

export interface FakeApi {
  /** Where REST paths begin. */
  prefix: string;
  isAuthorized(headers: Readonly<Record<string, string | string[] | undefined>>, token: string): boolean;
  answer(hub: Hub, request: ApiRequest, url: string): ApiAnswer;
}

export const ok = (body: unknown, status = 200): ApiAnswer => ({ status, body });
export const listOf = (body: unknown[]): ApiAnswer => ({ status: 200, body, isList: true });
/** One page of a list within an object, as forges count them. */
export function pageOf<T>(items: readonly T[], query: URLSearchParams): T[] {
  const page = Number(query.get('page') ?? 1);
  return items.slice((page - 1) * pageMax, page * pageMax);
}

/** Small, so that every list has pages. */
export const pageMax = 2;

export const notFound: ApiAnswer = { status: 404, body: { message: 'Not Found' } };

export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
