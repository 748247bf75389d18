/**
 * Calls to a forge's REST interface, with its manners.
 *
 * Owns how a call may behave: bounded in time and size, to one origin alone (a redirect elsewhere is refused, so the token goes
 * nowhere else), with ETags, so that a look at what did not change costs the forge nothing, waiting out rate limits, and one
 * writing call after the other. Errors say what the forge said, never what was sent.
 */
import { limits } from '../core/limits.ts';
import { OperationalError } from '../platform/error.ts';
import { answerError, failed, rateEnd } from './http-error.ts';

export interface HttpOrder {
  /** Where paths begin, without a slash at the end: `https://api.github.com`. */
  base: string;
  /** Sent with every call; may hold the token. */
  headers: Readonly<Record<string, string>>;
  clock: { now(): number; monotonicMs(): number; sleep(ms: number): Promise<void> };
  /** Ends calls early, when the process is about to end. */
  signal?: AbortSignal | undefined;
  /** Between two writing calls. Default: {@link limits.forgeWriteGapMs}. */
  writeGapMs?: number;
  timeoutMs?: number;
}

export interface CallOptions {
  query?: Readonly<Record<string, string>>;
  body?: unknown;
  /** Statuses besides 2xx that are answers. */
  accept?: readonly number[];
}

export interface Answer {
  status: number;
  body: unknown;
  /** Address of the next page on the same origin, `null` on the last. */
  next: string | null;
}

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';

interface Kept {
  etag: string;
  answer: Answer;
}

/** Answers kept for their ETag: open pull requests of a large plan, three each. */
const keptMax = 2_000;
const redirectsMax = 3;

export class ForgeHttp {
  readonly #order: HttpOrder;
  readonly #kept = new Map<string, Kept>();
  #writing: Promise<unknown> = Promise.resolve();
  #wroteMs = Number.NEGATIVE_INFINITY;
  /** Until then nothing is asked, in milliseconds since 1970: the forge said so. */
  #restUntil = 0;

  constructor(order: HttpOrder) {
    this.#order = order;
  }

  async get(path: string, options: CallOptions = {}): Promise<Answer> {
    return this.#call('GET', this.#address(path, options.query), options);
  }

  /** All items of a list over its pages, up to `pagesMax`. */
  async list(path: string, query: Readonly<Record<string, string>>, pagesMax = 20): Promise<unknown[]> {
    const items: unknown[] = [];
    let next: string | null = this.#address(path, query);
    for (let page = 0; next !== null && page < pagesMax; page += 1) {
      const answer: Answer = await this.#call('GET', next, {});
      if (!Array.isArray(answer.body)) throw failed(`the list at ${path} is none`);
      items.push(...(answer.body as unknown[]));
      next = answer.next;
    }
    return items;
  }

  /** Writing calls go one by one, with a pause: forges count them as content and punish bursts. */
  async send(method: Exclude<Method, 'GET'>, path: string, options: CallOptions = {}): Promise<Answer> {
    const { clock, writeGapMs = limits.forgeWriteGapMs } = this.#order;
    const turn = this.#writing.then(async () => {
      const waitMs = this.#wroteMs + writeGapMs - clock.monotonicMs();
      if (waitMs > 0) await clock.sleep(waitMs);
      try {
        return await this.#call(method, this.#address(path, options.query), options);
      } finally {
        this.#wroteMs = clock.monotonicMs();
      }
    });
    this.#writing = turn.catch(() => undefined);
    return turn;
  }

  #address(path: string, query: Readonly<Record<string, string>> = {}): string {
    const address = new URL(this.#order.base + path);
    for (const [name, value] of Object.entries(query)) address.searchParams.set(name, value);
    return address.href;
  }

  async #call(method: Method, address: string, options: CallOptions): Promise<Answer> {
    const { clock } = this.#order;
    if (clock.now() < this.#restUntil)
      throw answerError({ status: 429, said: '', path: pathOf(address) }, this.#restUntil);
    const kept = method === 'GET' ? this.#kept.get(address) : undefined;
    let target = address;
    for (let hop = 0; hop <= redirectsMax; hop += 1) {
      const { status, headers, text } = await this.#exchange(method, target, { kept, body: options.body });
      const location = headers.get('location');
      if (status >= 300 && status < 400 && status !== 304 && location !== null) {
        target = this.#follow(method, target, location);
        continue;
      }
      const rest = rateEnd(status, headers, clock.now());
      if (rest !== null) this.#restUntil = Math.max(this.#restUntil, rest);
      if (status === 304 && kept !== undefined) return this.#keep(address, kept);
      const path = pathOf(address);
      if (status >= 200 && status < 300) {
        const answer = { status, body: parsed(text, path), next: nextOf(headers, target) };
        const etag = headers.get('etag');
        if (method === 'GET' && etag !== null) this.#keep(address, { etag, answer });
        return answer;
      }
      if (rest === null && options.accept?.includes(status) === true)
        return { status, body: parsedOr(text), next: null };
      throw answerError({ status, said: saidIn(text), path }, rest);
    }
    throw failed(`${pathOf(address)} redirects in a circle`);
  }

  /** Only within the origin that the token is meant for, and only for reading. */
  #follow(method: Method, from: string, location: string): string {
    const to = new URL(location, from);
    if (method !== 'GET' || to.origin !== new URL(this.#order.base).origin) {
      throw new OperationalError('forge-failed', `${pathOf(from)} redirects to ${to.origin}, which is not followed`, {
        hint: 'the repository may have moved: set forge.url and forge.repository to where it is now',
      });
    }
    return to.href;
  }

  async #exchange(
    method: Method,
    address: string,
    { kept, body }: { kept: Kept | undefined; body: unknown },
  ): Promise<{ status: number; headers: Headers; text: string }> {
    const { headers, signal, timeoutMs = limits.forgeTimeoutMs } = this.#order;
    const ends = AbortSignal.any([AbortSignal.timeout(timeoutMs), ...(signal === undefined ? [] : [signal])]);
    try {
      const response = await fetch(address, {
        method,
        redirect: 'manual',
        signal: ends,
        headers: {
          accept: 'application/json',
          'user-agent': 'orbit-agent',
          ...headers,
          ...(kept === undefined ? {} : { 'if-none-match': kept.etag }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
      return { status: response.status, headers: response.headers, text: await boundedText(response) };
    } catch (error) {
      if (error instanceof OperationalError) throw error;
      throw unreachable(new URL(address).host, error, timeoutMs);
    }
  }

  /** The newest stands last, so that the oldest is the first to go. */
  #keep(address: string, kept: Kept): Answer {
    this.#kept.delete(address);
    this.#kept.set(address, kept);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > keptMax && oldest !== undefined) this.#kept.delete(oldest);
    return kept.answer;
  }
}

async function boundedText(response: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // The stream is typed without its async iterator in the library's DOM types.
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > limits.forgeAnswerBytesMax) throw failed(`an answer has more than ${limits.forgeAnswerBytesMax} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parsed(text: string, path: string): unknown {
  if (text.trim() === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    throw failed(`the answer at ${path} is no JSON`);
  }
}

function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** What an error's body says in words; forges agree on `message`, GitHub adds `errors`, GitLab may send lists and objects. */
export function saidIn(text: string): string {
  const body = parsedOr(text);
  if (typeof body !== 'object' || body === null) return '';
  const { message, error, error_description: description, errors } = body as Record<string, unknown>;
  const words = [message, error, description, errors].filter((value) => value !== undefined && value !== null);
  return words
    .map((value) => (typeof value === 'string' ? value : JSON.stringify(value)))
    .join('; ')
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ')
    .slice(0, 500);
}

function nextOf(headers: Headers, from: string): string | null {
  const next = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(headers.get('link') ?? '')?.[1];
  if (next === undefined) return null;
  const to = new URL(next, from);
  // A proxy before the forge may make it name itself by another origin; the path is what counts.
  return new URL(to.pathname + to.search, from).href;
}

function pathOf(address: string): string {
  return new URL(address).pathname;
}

function unreachable(host: string, error: unknown, timeoutMs: number): OperationalError {
  const cause = (error as { cause?: { code?: string; message?: string } }).cause;
  const isLate = (error as Error).name === 'TimeoutError';
  const why = isLate ? `no answer in ${timeoutMs} ms` : (cause?.code ?? cause?.message ?? (error as Error).message);
  return new OperationalError('forge-unavailable', `${host} cannot be reached: ${why}`, {
    hint: 'look at the network and forge.url; it is tried again',
    retryable: true,
    cause: error,
  });
}
