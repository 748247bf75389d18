/**
 * Reads what Codex prints: the notifications and answers of `codex app-server`, the lines of `codex exec --json`, and rollouts.
 *
 * Pure but for what it remembers of one stream; the same reader serves live sessions and replay. Times come from the stream
 * (`emittedAtMs`), never from a clock.
 */
import type { AgentEvent, StreamReader } from '../agent.ts';
import { eventText } from '../event-text.ts';
import { amountIn, fieldsIn, fieldsOfLine, nameIn, textIn, type Fields } from '../fields.ts';
import { cleanText } from '../lines.ts';
import { readExecLine } from './exec-lines.ts';
import { readCutResult } from './items.ts';
import { readNotification } from './notifications.ts';
import { readRetryLog } from './retries.ts';
import { isRolloutType, readRolloutLine } from './rollout-lines.ts';
import { newReading, openThread, type Reading } from './reading.ts';

export interface CodexReader extends StreamReader {
  /** The object on the line read last, `null` if it held none: so that a session need not parse it again. */
  last(): Fields | null;
}

/** Reads one stream from its beginning. */
export function codexReader(): CodexReader {
  const reading = newReading();
  let last: Fields | null = null;
  return {
    read(line, stream): readonly AgentEvent[] {
      last = null;
      if (stream === 'error') return readComplaint(reading, line.text);
      if (line.droppedBytes > 0) return readCut(reading, line.text);
      const parsed = fieldsOfLine(line);
      if (parsed === null) return line.text.trim() === '' ? [] : [message(line.text)];
      last = fieldsIn(parsed);
      return readObject(reading, last);
    },
    last: () => last,
  };
}

function readObject(reading: Reading, line: Fields): AgentEvent[] {
  const { method, type } = line;
  if (typeof method === 'string') {
    // A request of the server: the session answers it.
    if (line['id'] !== undefined) return [];
    return readNotification(reading, method, { params: fieldsIn(line['params']), now: amountIn(line['emittedAtMs']) });
  }
  if (line['id'] !== undefined) return readAnswer(reading, fieldsIn(line['result']));
  if (typeof type === 'string') {
    return isRolloutType(type) ? readRolloutLine(reading, type, line) : readExecLine(reading, type, line);
  }
  return [{ type: 'unknown', name: 'a line without a method' }];
}

/** Answers to Orbit's requests: the one that opens the thread names the model. */
function readAnswer(reading: Reading, result: Fields): AgentEvent[] {
  const version = /^[^/]*\/(\d+\.\d+\.\d+[\w.-]*)/.exec(textIn(result['userAgent']) ?? '')?.[1];
  if (version !== undefined) reading.version = version;
  const id = nameIn(fieldsIn(result['thread'])['id']);
  return id === null ? [] : openThread(reading, id, nameIn(result['model']));
}

function readCut(reading: Reading, text: string): AgentEvent[] {
  const events = readCutResult(reading.calls, text);
  return events.length > 0 ? events : [{ type: 'unknown', name: 'a line that is too long' }];
}

/** Its own log goes to standard error, in colours; only what is not in the form of a log is meant for people. */
function readComplaint(reading: Reading, text: string): AgentEvent[] {
  // oxlint-disable-next-line eslint/no-control-regex
  const plain = text.replaceAll(/\u001B\[[\d;]*m/g, '').trimEnd();
  if (/^\d{4}-\d\d-\d\dT\S+\s+(?:ERROR|WARN|INFO|DEBUG|TRACE)\b/.test(plain)) {
    reading.isLogging = true;
    return readRetryLog(reading.retries, plain);
  }
  // Further lines of the same entry are indented.
  reading.isLogging &&= /^\s/.test(plain);
  return plain === '' || reading.isLogging ? [] : [message(plain)];
}

function message(text: string): AgentEvent {
  return { type: 'message', text: eventText(cleanText(text)) };
}
