/**
 * Standard input and output as a transport: a JSON-RPC message a line.
 *
 * Owns what the library's own transport gives up on. Invariant: no line ends the server. One that is too long is dropped and
 * its call refused, one that is no JSON is refused; calls that still run when the input ends are answered first.
 */
import type { Readable, Writable } from 'node:stream';
import { parseJSONRPCMessage, type JSONRPCMessage, type Transport } from '@modelcontextprotocol/server';
import { idInEnds, lineCutter, type Line } from './long-lines.ts';

export interface StdioOptions {
  input: Readable;
  output: Writable;
  lineBytesMax: number;
  /** How long calls may go on after the input ended. */
  closeMs: number;
  /** Called once, when nothing more is read or written. */
  onEnd: () => void;
}

export function stdioTransport({ input, output, lineBytesMax, closeMs, onEnd }: StdioOptions): Transport {
  let [isClosed, hasEnded] = [false, false];
  let closing: NodeJS.Timeout | null = null;
  const running = new Set<unknown>();
  const write = (message: object): void => {
    if (!isClosed) output.write(`${JSON.stringify(message)}\n`);
  };
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    if (closing !== null) clearTimeout(closing);
    input.off('data', take).off('end', end).off('close', end).off('error', end).pause();
    transport.onclose?.();
    onEnd();
  };
  const closeWhenQuiet = (): void => {
    if (hasEnded && running.size === 0) close();
  };
  const lines = lineCutter(lineBytesMax, (line) => {
    if (line.text === '') return;
    const heard = read(line, lineBytesMax);
    if ('error' in heard) return write(heard.error);
    const { message } = heard;
    if ('method' in message && 'id' in message) running.add(message.id);
    if ('method' in message && message.method === 'notifications/cancelled')
      running.delete(message.params?.['requestId']);
    transport.onmessage?.(message);
  });
  const take = (chunk: Buffer): void => lines.take(chunk);
  const end = (): void => {
    if (hasEnded) return;
    hasEnded = true;
    lines.end();
    closing = setTimeout(close, closeMs);
    // A message is handled some turns after it was handed over.
    setImmediate(closeWhenQuiet);
  };
  const transport: Transport = {
    async start() {
      input.on('data', take).on('end', end).on('close', end).on('error', end);
      // A client that went away reads no answer.
      output.on('error', close);
    },
    async send(message) {
      write(message);
      if (!('method' in message) && 'id' in message) running.delete(message.id);
      setImmediate(closeWhenQuiet);
    },
    async close() {
      close();
    },
  };
  return transport;
}

const codes = { parse: -32_700, invalid: -32_600 };

/** The line as a message, or the answer that refuses it. */
function read(line: Line, bytesMax: number): { message: JSONRPCMessage } | { error: object } {
  if (line.isTooLong) {
    const text = `this message has ${line.bytes} bytes, ${bytesMax} are allowed: shorten it, or put the text into a file and name the file`;
    return refuse(idInEnds(line.text), codes.invalid, text);
  }
  let value: unknown;
  try {
    value = JSON.parse(line.text);
  } catch {
    return refuse(null, codes.parse, 'this line is no JSON; it was passed over');
  }
  try {
    return { message: parseJSONRPCMessage(value) };
  } catch {
    return refuse(idOf(value), codes.invalid, 'this is no JSON-RPC message; it was passed over');
  }
}

function refuse(id: string | number | null, code: number, message: string): { error: object } {
  return { error: { jsonrpc: '2.0', id, error: { code, message } } };
}

function idOf(value: unknown): string | number | null {
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : null;
  return typeof id === 'string' || typeof id === 'number' ? id : null;
}
