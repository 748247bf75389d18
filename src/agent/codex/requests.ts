/**
 * Requests to `codex app-server` and their answers: JSON-RPC in lines, without its `jsonrpc` member.
 *
 * Invariant: every request is answered, if not by the program then by its end or by the time limit; nothing here rejects.
 */
import { fieldsIn, textIn, type Fields } from '../fields.ts';

export type Reply =
  | { result: Fields }
  /** The program said no. `data` is what it adds. */
  | { refusal: string; data: unknown }
  /** No answer came: it ended, does not listen, or took too long. */
  | { silence: string };

export interface Requests {
  ask(method: string, params: Fields): Promise<Reply>;
  notify(method: string, params?: Fields): boolean;
  /** Takes a line of the program in; `false` if it is no answer to a request. */
  answered(line: Fields): boolean;
}

export interface Wire {
  /** Writes a line; `false` when nobody listens. */
  say(text: string): boolean;
  gone: Promise<unknown>;
  replyMs: number;
}

export function requestsOver({ replyMs, ...wire }: Wire): Requests {
  const waiting = new Map<number, (reply: Reply) => void>();
  let asked = 0;
  const settle = (id: number, reply: Reply): boolean => {
    const answer = waiting.get(id);
    waiting.delete(id);
    answer?.(reply);
    return answer !== undefined;
  };
  const endWaiting = async (): Promise<void> => {
    await wire.gone;
    for (const id of waiting.keys()) settle(id, { silence: 'its program has ended' });
  };
  void endWaiting();
  return {
    async ask(method, params): Promise<Reply> {
      asked += 1;
      const id = asked;
      const { promise, resolve } = Promise.withResolvers<Reply>();
      waiting.set(id, resolve);
      const late = `it did not answer ${method} within ${replyMs / 1_000} s`;
      const timer = setTimeout(() => settle(id, { silence: late }), replyMs);
      if (!wire.say(lineOf({ id, method, params }))) settle(id, { silence: 'its program does not listen' });
      const reply = await promise;
      clearTimeout(timer);
      return reply;
    },
    notify: (method, params) => wire.say(lineOf({ method, ...(params === undefined ? {} : { params }) })),
    answered(line): boolean {
      const { id, method, error, result } = line;
      if (typeof id !== 'number' || method !== undefined) return false;
      if (error === undefined) return settle(id, { result: fieldsIn(result) });
      const { message, data } = fieldsIn(error);
      return settle(id, { refusal: textIn(message) ?? 'it told no reason', data });
    },
  };
}

export function lineOf(fields: Fields): string {
  return `${JSON.stringify(fields)}\n`;
}
