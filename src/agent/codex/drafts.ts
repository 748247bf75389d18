/**
 * Texts that are being written: told in pieces while they take long, so that a slow model is not taken for a silent one.
 *
 * Invariant: what was told of a text does not come again when it is whole.
 */
import type { AgentEvent } from '../agent.ts';
import { eventText } from '../event-text.ts';
import { nameIn, type Fields } from '../fields.ts';
import { cleanText } from '../lines.ts';

interface Draft {
  text: string;
  /** Characters of it that were told. */
  told: number;
  /** Since when nothing of it was told, by the stream's clock. */
  since: number;
}

export type Drafts = Map<string, Draft>;

export interface Delta {
  kind: 'message' | 'thought';
  params: Fields;
  /** Milliseconds since 1970; `null`: the stream tells no time, so nothing is told before the text is whole. */
  now: number | null;
}

/** Pieces are this far apart, well within the time after which silence counts. */
const tellEveryMs = 10_000;
const draftsMax = 100;
const draftLengthMax = 1_048_576;

export function newDrafts(): Drafts {
  return new Map();
}

/** Takes a piece of a text in; tells what there is when nothing was told for long. */
export function readDelta(drafts: Drafts, { kind, params, now }: Delta): AgentEvent[] {
  const [id, piece] = [nameIn(params['itemId']), params['delta']];
  if (id === null || typeof piece !== 'string' || now === null) return [];
  const draft = drafts.get(id) ?? { text: '', told: 0, since: now };
  if (draft.text.length < draftLengthMax) draft.text += piece;
  if (!drafts.has(id) && drafts.size >= draftsMax) drafts.clear();
  drafts.set(id, draft);
  if (now - draft.since < tellEveryMs) return [];
  draft.since = now;
  const text = eventText(cleanText(draft.text.slice(draft.told)));
  draft.told = draft.text.length;
  return text === '' ? [] : [{ type: kind, text }];
}

/** What is left to tell of a text that is whole now. */
export function restOfDraft(drafts: Drafts, id: string, text: string): string {
  const draft = drafts.get(id);
  drafts.delete(id);
  if (draft === undefined || draft.told === 0) return text;
  return text.startsWith(draft.text.slice(0, draft.told)) ? text.slice(draft.told) : text;
}
