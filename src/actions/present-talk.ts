/** Messages and findings as surfaces tell them: times in ISO 8601. */
import type { Message, Note } from '../store/store.ts';

export type MessageView = Omit<Message, 'at' | 'acknowledgedAt'> & { at: string; acknowledgedAt: string | null };

export function presentMessage({ at, acknowledgedAt, ...rest }: Message): MessageView {
  return {
    ...rest,
    at: new Date(at).toISOString(),
    acknowledgedAt: acknowledgedAt === null ? null : new Date(acknowledgedAt).toISOString(),
  };
}

export function presentNote({ at, ...rest }: Note): Omit<Note, 'at'> & { at: string } {
  return { ...rest, at: new Date(at).toISOString() };
}
