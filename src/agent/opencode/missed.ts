/**
 * What a broken stream did not carry: the session's last messages as lines of the same stream, for the same reader.
 *
 * Pure. The reader tells nothing twice, so that all of it may be given to it, whatever it knows already.
 */
import { limits } from '../../core/limits.ts';
import { fieldsIn, listIn, type Fields } from '../fields.ts';
import { parseObject, textOf } from './fields.ts';

/** Messages asked for; a break lasts seconds, a message of an agent is one model call. */
export const missedMessagesMax = 50;

/** @param messages the answer to `GET /session/ID/message`; @param states the answer to `GET /session/status` */
export function missedLines(session: string, messages: string, states: string): string[] {
  const lines: string[] = [];
  const say = (type: string, properties: Fields): void => {
    const line = JSON.stringify({ type, properties: { sessionID: session, ...properties } });
    if (line.length < limits.lineBytesMax) lines.push(line);
  };
  let failure: unknown;
  for (const message of listOf(messages)) {
    const { info, parts } = fieldsIn(message);
    // Diffs of a whole turn mean nothing to the reader.
    const { summary, ...rest } = fieldsIn(info);
    say('message.updated', { info: typeof summary === 'boolean' ? { ...rest, summary } : rest });
    for (const part of listIn(parts)) say('message.part.updated', { part });
    failure = fieldsIn(info)['error'];
  }
  const state = fieldsIn(parseObject(states)?.[session]);
  const isIdle = textOf(state['type']) === '' || state['type'] === 'idle';
  if (failure !== undefined && isIdle) say('session.error', { error: failure });
  if (isIdle) say('session.idle', {});
  else say('session.status', { status: state });
  return lines;
}

function listOf(text: string): readonly unknown[] {
  try {
    return listIn(JSON.parse(text));
  } catch {
    return [];
  }
}
