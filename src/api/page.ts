/**
 * Lists in pages.
 *
 * Owns the cursor: the key of the last item that was given, so that what comes or goes meanwhile neither repeats nor hides an item.
 */
import { z } from 'zod';
import { RequestError } from './problem.ts';

export interface PageQuery {
  cursor?: string | undefined;
  limit: number;
}

/** Query fields of a list. @param most items in one answer. */
export function pageQuery(most: number): {
  cursor: z.ZodOptional<z.ZodString>;
  limit: z.ZodDefault<z.ZodCoercedNumber>;
} {
  return {
    cursor: z.string().max(400).optional(),
    limit: z.coerce.number().int().min(1).max(most).default(Math.min(most, 100)),
  };
}

export function pageOf<Item extends z.ZodType>(
  item: Item,
): z.ZodObject<{ items: z.ZodReadonly<z.ZodArray<Item>>; next: z.ZodNullable<z.ZodString> }> {
  return z.object({ items: z.array(item).readonly(), next: z.string().nullable() });
}

/** The page behind the cursor. @param keyOf unique and lasting. Throws `RequestError` `bad-request` for a cursor of nothing. */
export function pageFrom<Item>(
  all: readonly Item[],
  { cursor, limit }: PageQuery,
  keyOf: (item: Item) => string,
): { items: Item[]; next: string | null } {
  const after = cursor === undefined ? null : Buffer.from(cursor, 'base64url').toString('utf8');
  const at = after === null ? 0 : all.findIndex((item) => keyOf(item) === after) + 1;
  if (after !== null && at === 0) {
    throw new RequestError('bad-request', 'this cursor is of no item of this list', {
      hint: 'leave it out to begin from the first',
    });
  }
  const items = all.slice(at, at + limit);
  const last = items.at(-1);
  const isMore = last !== undefined && at + items.length < all.length;
  return { items, next: isMore ? Buffer.from(keyOf(last)).toString('base64url') : null };
}
