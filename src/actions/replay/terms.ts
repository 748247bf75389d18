/**
 * The terms that a recording is judged under: from its header where it has one, else as little as possible is assumed.
 *
 * A header is the line `{"type":"run", …}` of the neutral format, or what a runner wrote at the head of its log. Without a
 * budget in it nothing is too long or too dear: the run was not made under ours.
 */
import type { SupervisionOrder } from '../../core/supervision/order.ts';
import type { Thresholds } from '../../core/supervision/thresholds.ts';
import { UsageError } from '../../platform/error.ts';
import { isObject, type Fields } from './format.ts';

export interface Terms {
  order: Omit<SupervisionOrder, 'startedAt' | 'timeOf'> & { spentMs: number };
  /** Hints count as given at once; else the recording says when they were. */
  isTold: boolean;
}

export function termsOf(
  run: Fields | null,
  { name, limits, isChanged }: { name: string; limits: Thresholds; isChanged: boolean },
): Terms {
  const fields = run ?? {};
  const budget = isObject(fields['budget']) ? fields['budget'] : {};
  const minutes = amount(budget['minutes'], name);
  const isLive = fields['hasLooks'] === true && !isChanged;
  const recorded = isObject(fields['limits']) && !isChanged ? (fields['limits'] as Partial<Thresholds>) : {};
  return {
    isTold: !isLive,
    order: {
      spentMs: amount(fields['spentMs'], name) ?? 0,
      workspace: typeof fields['workspace'] === 'string' ? fields['workspace'] : null,
      kind: typeof fields['kind'] === 'string' ? fields['kind'] : 'implement',
      scope: texts(fields['scope']),
      shared: texts(fields['shared']),
      budget: {
        costUsd: amount(budget['costUsd'], name),
        turns: amount(budget['turns'], name),
        timeMs: amount(budget['timeMs'], name) ?? (minutes === null ? null : minutes * 60_000),
      },
      limits: { ...limits, ...recorded },
      canHint: fields['canHint'] !== false,
      hasLooks: isLive,
      restsBetweenTurns: !isLive,
      messagesAreLines: fields['messagesAreLines'] === true,
    },
  };
}

function amount(value: unknown, name: string): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isFinite(value) && value >= 0) return value;
  const shown = JSON.stringify(value);
  throw new UsageError('bad-settings', `${name}: its header has a budget of ${shown}`, 'give a number, or null');
}

function texts(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}
