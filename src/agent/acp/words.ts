/**
 * Pieces of an answer put together to messages: programs send a word or two at a time, and an event for each would be noise.
 *
 * Pure, stateful. A line is told when it is complete, the rest when something else happens.
 */
import type { AgentEvent } from '../agent.ts';
import { eventText } from '../event-text.ts';
import { cleanText } from '../lines.ts';

export interface Words {
  /** Takes in a piece; tells what is complete by it. */
  add(kind: 'message' | 'thought', piece: string): readonly AgentEvent[];
  /** Tells what was held back. */
  flush(): readonly AgentEvent[];
  /** The last message of the running turn, one line, for those who ask how it ended. */
  last(): string;
}

/** A piece without a line's end is held back up to here: a paragraph is a fair unit to show. */
const heldMax = 2_000;

export function wordCollector(): Words {
  let kind: 'message' | 'thought' = 'message';
  let held = '';
  let last = '';

  const tell = (text: string): readonly AgentEvent[] => {
    if (text.trim() === '') return [];
    if (kind === 'message') last = text.trim().slice(-500).toWellFormed();
    return [{ type: kind, text: eventText(cleanText(text)) }];
  };
  const flush = (): readonly AgentEvent[] => {
    const text = held;
    held = '';
    return tell(text.replace(/\n+$/, ''));
  };
  return {
    add(pieceKind, piece): readonly AgentEvent[] {
      const before = pieceKind === kind ? [] : flush();
      kind = pieceKind;
      held += piece;
      const cut = held.length > heldMax ? held.length : held.lastIndexOf('\n') + 1;
      if (cut === 0) return before;
      const whole = held.slice(0, cut);
      held = held.slice(cut);
      return [...before, ...tell(whole.replace(/\n+$/, ''))];
    },
    flush,
    last: () => last,
  };
}
