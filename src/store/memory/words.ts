/** Owns what messages and findings do to the rows of a memory store. */
import type { Message, Note } from '../store.ts';
import { appendEvent } from './changes.ts';
import type { Tables } from './tables.ts';

export function send(tables: Tables, message: Omit<Message, 'order' | 'acknowledgedAt'>): Message {
  const { messages } = tables;
  const { id, from, to, task, at } = message;
  const known = messages.get(id);
  if (known !== undefined) return known;
  const before = [...messages.values()].filter((other) => other.from === from && other.to === to).length;
  const sent = { ...message, order: before + 1, acknowledgedAt: null };
  tables.put(messages, id, sent);
  appendEvent(tables, { at, actor: from, task, body: { type: 'message-sent', id, from, to } });
  return sent;
}

/** How many of them were not acknowledged before. */
export function acknowledge(
  tables: Tables,
  { to, ids, now }: { to: string; ids: readonly string[]; now: number },
): number {
  const read: string[] = [];
  for (const id of new Set(ids)) {
    const message = tables.messages.get(id);
    if (message === undefined || message.to !== to || message.acknowledgedAt !== null) continue;
    tables.put(tables.messages, id, { ...message, acknowledgedAt: now });
    read.push(id);
  }
  if (read.length > 0)
    appendEvent(tables, { at: now, actor: to, task: null, body: { type: 'message-acknowledged', ids: read, to } });
  return read.length;
}

export function note(tables: Tables, finding: Note): Note {
  const { id, kind, author, task, at } = finding;
  const known = tables.notes.get(id);
  if (known !== undefined) return known;
  tables.put(tables.notes, id, finding);
  appendEvent(tables, { at, actor: author, task, body: { type: 'finding-noted', id, kind } });
  return finding;
}
