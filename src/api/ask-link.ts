/**
 * Asks a running server of the project for a link that signs one browser in.
 *
 * Owns how its certificate is looked at: it is the one in the settings or nothing is sent, for a person's token goes along. That
 * holds whoever signed it, and whatever name it was made for.
 */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { request as http } from 'node:http';
import { request as https, type RequestOptions } from 'node:https';
import { UsageError } from '../platform/error.ts';

/** @param tlsCert file with the server's certificate, as the settings name it. Throws `UsageError` `not-serving`. */
export async function askLink(order: { url: string; token: string; tlsCert: string | undefined }): Promise<string> {
  const { url, token, tlsCert } = order;
  const ask = async (): Promise<{ status: number; text: string }> =>
    post(new URL('/api/session/codes', url), {
      headers: { Authorization: `Bearer ${token}` },
      ...(url.startsWith('https:') && tlsCert !== undefined ? pinnedTo(tlsCert) : {}),
    });
  const { status, text } = await ask().catch((error: unknown) => {
    throw new UsageError('not-serving', `${url} does not answer: ${(error as Error).message}`, hint);
  });
  const { url: link, detail } = read(text);
  if (link !== undefined) return link;
  throw new UsageError('not-serving', `${url} gave no link: ${detail ?? `it answered ${status}`}`, hint);
}

const hint = 'end that server and start it again: orbit serve, or orbit run <plan>';

function pinnedTo(tlsCert: string): RequestOptions {
  const pem = readFileSync(tlsCert);
  const { fingerprint256 } = new X509Certificate(pem);
  return {
    ca: pem,
    allowPartialTrustChain: true,
    checkServerIdentity: (_name, shown) =>
      shown.fingerprint256 === fingerprint256 ? undefined : new Error('it shows another certificate than api.tlsCert'),
  };
}

async function post(url: URL, options: RequestOptions): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const send = url.protocol === 'https:' ? https : http;
    const request = send(url, { ...options, method: 'POST', agent: false }, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => (text += part));
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text })).once('error', reject);
    });
    request.once('error', reject).end();
  });
}

function read(text: string): { url?: string; detail?: string } {
  try {
    return JSON.parse(text) as { url?: string; detail?: string };
  } catch {
    return {};
  }
}
