/**
 * Notifications of `codex app-server` as events.
 *
 * What Codex starts for itself (helper threads) shows as tool calls and file changes; words, turns, errors and usage are those
 * of the main thread alone.
 */
import type { AgentEvent } from '../agent.ts';
import { eventText } from '../event-text.ts';
import { amountIn, fieldsIn, nameIn, textIn, type Fields } from '../fields.ts';
import { cleanText } from '../lines.ts';
import { readDelta } from './drafts.ts';
import { faultEvent } from './fault.ts';
import { todoEvent } from './items.ts';
import { beginTurn, endTurn, openThread, readItem, tellFault, type Reading } from './reading.ts';

export interface Notice {
  params: Fields;
  /** Milliseconds since 1970 by the stream's clock. */
  now: number | null;
}

/** Never throws, whatever the shape of the notice. */
export function readNotification(reading: Reading, method: string, notice: Notice): AgentEvent[] {
  const { params, now } = notice;
  const thread = nameIn(params['threadId']);
  const isHelper = thread !== null && reading.thread !== null && thread !== reading.thread;
  if (method === 'item/started') return readItem(reading, fieldsIn(params['item']), { stage: 'started', isHelper });
  if (method === 'item/completed') return readItem(reading, fieldsIn(params['item']), { stage: 'completed', isHelper });
  if (silent.has(method)) return [];
  const read = Object.hasOwn(notifications, method) ? notifications[method] : undefined;
  if (read !== undefined) return isHelper ? [] : read(reading, params, now);
  return [{ type: 'unknown', name: cleanText(method.slice(0, 128)) }];
}

const notifications: Readonly<Record<string, (reading: Reading, params: Fields, now: number | null) => AgentEvent[]>> =
  {
    'thread/started': (reading, params) => {
      const id = nameIn(fieldsIn(params['thread'])['id']);
      // Helpers' threads are announced in the same way; the first is the main one.
      return id === null || reading.thread !== null ? [] : openThread(reading, id, null);
    },
    'turn/started': (reading) => {
      beginTurn(reading);
      return [];
    },
    'turn/completed': (reading, params, now) => endTurn(reading, fieldsIn(params['turn']), now),
    'item/agentMessage/delta': (reading, params, now) => readDelta(reading.drafts, { kind: 'message', params, now }),
    'item/reasoning/summaryTextDelta': (reading, params, now) =>
      readDelta(reading.drafts, { kind: 'thought', params, now }),
    'item/reasoning/textDelta': (reading, params, now) => readDelta(reading.drafts, { kind: 'thought', params, now }),
    'turn/plan/updated': (_reading, params) => [todoEvent(params['plan'])],
    'thread/tokenUsage/updated': (reading, params) => readUsage(reading, fieldsIn(params['tokenUsage'])),
    'model/rerouted': (reading, params) => {
      const model = nameIn(params['toModel']);
      return model === null || reading.thread === null ? [] : openThread(reading, reading.thread, model);
    },
    'account/rateLimits/updated': (reading, params) => {
      reading.windowEndsAt = windowEnd(fieldsIn(params['rateLimits'])) ?? reading.windowEndsAt;
      return [];
    },
    'mcpServer/startupStatus/updated': (_reading, params) => {
      if (params['status'] !== 'failed') return [];
      const why = textIn(params['error']) ?? 'it told no reason';
      const text = eventText(`MCP server ${nameIn(params['name']) ?? ''} did not start: ${why}`);
      return [{ type: 'error', class: 'tool', text, retryAfterMs: null, critical: false }];
    },
    error: (reading, params, now) => {
      const { message: words, codexErrorInfo: info, additionalDetails: details } = fieldsIn(params['error']);
      return tellFault(
        reading,
        faultEvent({ message: words, info, details, willRetry: params['willRetry'] === true, now }),
        now,
      );
    },
  };

/** Known, and nothing that an event could say. Warnings are among them: the raw log has them. */
const silent: ReadonlySet<string> = new Set(
  [
    'account/login/completed account/updated app/list/updated auth/recovery configWarning deprecationNotice fs/changed',
    'guardianWarning hook/completed hook/started item/autoApprovalReview/completed item/autoApprovalReview/started',
    'item/commandExecution/outputDelta item/commandExecution/terminalInteraction item/fileChange/outputDelta',
    'item/fileChange/patchUpdated item/mcpToolCall/progress item/plan/delta item/reasoning/summaryPartAdded',
    'mcpServer/event mcpServer/oauthLogin/completed model/verification rawResponse/completed rawResponseItem/completed',
    'remoteControl/status/changed serverRequest/resolved skills/changed thread/archived thread/closed thread/compacted',
    'thread/goal/cleared thread/goal/updated thread/name/updated thread/queue/changed thread/settings/updated',
    'thread/status/changed thread/unarchived turn/diff/updated turn/moderationMetadata warning',
  ]
    .join(' ')
    .split(' '),
);

/** Totals of what was spent; `last` is what the context held at the last call. */
function readUsage(reading: Reading, usage: Fields): AgentEvent[] {
  const [total, last] = [fieldsIn(usage['total']), fieldsIn(usage['last'])];
  const tokens = sumOf(total, 'inputTokens', 'outputTokens');
  if (tokens === null) return [];
  reading.tokens = Math.max(reading.tokens, tokens);
  const [contextUsed, contextSize] = [amountIn(last['totalTokens']), amountIn(usage['modelContextWindow'])];
  return [{ type: 'usage', tokens: reading.tokens, contextUsed, contextSize, costUsd: 0 }];
}

/** What was read and written, or `null` if neither is told. */
export function sumOf(usage: Fields, input: string, output: string): number | null {
  const [read, written] = [amountIn(usage[input]), amountIn(usage[output])];
  return read === null && written === null ? null : (read ?? 0) + (written ?? 0);
}

/** The end of the usage window that is full; windows tell seconds since 1970. */
function windowEnd(limits: Fields): number | null {
  const full = [limits['primary'], limits['secondary']]
    .map(fieldsIn)
    .filter((window) => (amountIn(window['usedPercent']) ?? 0) >= 100)
    .flatMap((window) => amountIn(window['resetsAt']) ?? []);
  return full.length === 0 ? null : Math.max(...full) * 1_000;
}
