/** Reads a stream of server-sent events. Pure. */

export interface SseMessage {
  readonly event: string;
  readonly id: string;
  readonly data: string;
}

/** The longest message that is kept, in characters; the rest of a longer one is dropped with it. No event of the log is near it. */
const LONGEST = 4_000_000;

/**
 * Answers a function that takes the stream's text piece by piece and answers the messages that are complete. Comments, which
 * servers send so that silence can be told from a broken line, give none.
 */
export function readSse(): (piece: string) => SseMessage[] {
  let rest = '';
  let tooLong = false;
  return (piece) => {
    const blocks = (rest + piece).replaceAll('\r', '').split('\n\n');
    rest = blocks.pop() ?? '';
    const messages = blocks.flatMap((block, index) => (tooLong && index === 0 ? [] : parseBlock(block)));
    if (blocks.length > 0) tooLong = false;
    if (rest.length > LONGEST) {
      rest = '';
      tooLong = true;
    }
    return messages;
  };
}

function parseBlock(block: string): SseMessage[] {
  let [event, id] = ['message', ''];
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const colon = line.indexOf(':');
    if (colon === 0) continue;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    else if (field === 'id') id = value;
    else if (field === 'data') data.push(value);
  }
  return data.length === 0 && event === 'message' ? [] : [{ event, id, data: data.join('\n') }];
}
