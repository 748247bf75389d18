/**
 * What was sent, as text and never more than the limit: also where no header tells the length beforehand.
 *
 * Owns that nobody makes the server keep more than that, whoever they are: sessions are opened by those who proved nothing yet.
 */
import type { Context as Request } from 'hono';
import { limits } from '../core/limits.ts';
import { RequestError } from './problem.ts';

/** Throws `RequestError` `body-too-large`; `bad-request` where the client went away in the middle of it. */
export async function bodyText(request: Request): Promise<string> {
  try {
    return await read(request);
  } catch (error) {
    if (error instanceof RequestError) throw error;
    throw new RequestError('bad-request', `the body broke off: ${(error as Error).message}`, { hint: 'send it again' });
  }
}

async function read({ req }: Request): Promise<string> {
  // A length that was told was looked at by the guard, and HTTP holds the sender to it.
  if (req.header('content-length') !== undefined) return req.text();
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of (req.raw.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += part.byteLength;
    if (bytes > limits.apiBodyBytesMax) throw tooLarge(`more than ${limits.apiBodyBytesMax}`);
    parts.push(part);
  }
  return new TextDecoder().decode(Buffer.concat(parts));
}

export function tooLarge(bytes: string): RequestError {
  return new RequestError('body-too-large', `the body has ${bytes} bytes, ${limits.apiBodyBytesMax} are allowed`, {
    hint: 'put the text into a file and name the file',
  });
}
