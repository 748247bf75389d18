/**
 * Writes that are sent again: the same key gets the same answer, and the change is made once.
 *
 * Owns the answers given under each `Idempotency-Key`, in this process, bounded. Follows
 * draft-ietf-httpapi-idempotency-key-header: a key is used for one request, another request under it is refused. What failed for
 * the world's sake (5xx) is not kept, so that a repeat tries again.
 */
import { createHash } from 'node:crypto';
import { limits } from '../core/limits.ts';
import { RequestError } from './problem.ts';

interface Kept {
  print: string;
  at: number;
  answer: Promise<Response>;
}

export interface Repeats {
  /** @param who callers do not share keys. @param request all that makes it the same request. */
  once(
    order: { who: string; key: string; request: string; now: number },
    make: () => Promise<Response>,
  ): Promise<Response>;
}

export function repeats(): Repeats {
  const kept = new Map<string, Kept>();
  return {
    async once({ who, key, request, now }, make) {
      for (const [name, { at }] of kept) {
        if (now - at < limits.apiKeyMs && kept.size <= limits.apiKeysMax) break;
        kept.delete(name);
      }
      const name = `${who} ${key}`;
      const print = createHash('sha256').update(request).digest('hex');
      const known = kept.get(name);
      if (known !== undefined) {
        if (known.print !== print) {
          throw new RequestError('key-reused', `the key ${JSON.stringify(key)} was used for another request`, {
            hint: 'use a new Idempotency-Key for each change',
          });
        }
        const answer = (await known.answer).clone();
        answer.headers.set('Idempotency-Replayed', 'true');
        return answer;
      }
      const answer = make();
      kept.set(name, { print, at: now, answer });
      const forget = (): void => {
        if (kept.get(name)?.answer === answer) kept.delete(name);
      };
      try {
        const made = await answer;
        if (made.status >= 500) forget();
        return made.clone();
      } catch (error) {
        forget();
        throw error;
      }
    },
  };
}
