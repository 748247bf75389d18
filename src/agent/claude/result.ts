/**
 * The end of a turn of Claude Code: its line of type `result`, as events.
 *
 * Judged by `is_error` and `terminal_reason`: the subtype says `success` after API errors, too. What the program refused to do
 * stands nowhere but in `permission_denials`.
 */
import type { AgentEvent, TurnEnd } from '../agent.ts';
import { amountIn, fieldsIn, jsonOf, listIn, nameIn, textIn, type Fields } from '../fields.ts';
import type { QuotaClock } from '../quota-text.ts';
import { faultEvent } from './fault-text.ts';

export interface TurnFacts {
  clock: QuotaClock;
  /** A critical error of this turn was told already: the program was made to stop trying. */
  isTold: boolean;
  resetAt: number | null;
}

const denialsMax = 5;

/** Refused calls, what went wrong, and the one end of the turn. Its usage is read elsewhere. */
export function turnEvents(result: Fields, facts: TurnFacts): AgentEvent[] {
  const text = wordsOf(result);
  const events = denials(result);
  if (facts.isTold) return [...events, { type: 'turn-end', reason: 'failed', text }];
  const reason = turnReason(result, text);
  if (reason === 'failed') {
    const status = amountIn(result['api_error_status']) ?? statusIn(text);
    const words = text === '' ? `the turn ended as ${nameIn(result['terminal_reason']) ?? 'an error'}` : text;
    const fault = { status, text: words, reason: nameIn(result['terminal_reason']) };
    events.push(faultEvent(fault, facts.clock, facts.resetAt));
  }
  return [...events, { type: 'turn-end', reason, text }];
}

/** The answer, or what went wrong; notes of the program to its own makers tell nobody anything. */
function wordsOf(result: Fields): string {
  const errors = listIn(result['errors']).map((error) => textIn(error) ?? '');
  return textIn(result['result']) ?? errors.find((error) => error !== '' && !error.startsWith('[')) ?? '';
}

function turnReason(result: Fields, text: string): TurnEnd {
  const terminal = nameIn(result['terminal_reason']) ?? '';
  const subtype = nameIn(result['subtype']) ?? '';
  if (terminal.startsWith('aborted_')) return 'interrupted';
  if (limits.has(terminal) || limits.has(subtype)) return 'limit';
  const isLimit = /^(?:claude )?(?:ai )?usage limit reached\|\d+$/i.test(text);
  return result['is_error'] === true || isLimit || subtype.startsWith('error') ? 'failed' : 'completed';
}

/** The program's own limits, which Orbit does not set: someone did in its settings. */
const limits = new Set(['max_turns', 'budget_exhausted', 'error_max_turns', 'error_max_budget_usd']);

function statusIn(text: string): number | null {
  const found = /\bAPI Error:?\s{0,3}(?:\w{1,20}\s){0,4}\(?(\d{3})\b/i.exec(text.slice(0, 400))?.[1];
  return found === undefined ? null : Number(found);
}

function denials(result: Fields): AgentEvent[] {
  return listIn(result['permission_denials'])
    .slice(0, denialsMax)
    .map((entry): AgentEvent => {
      const denial = fieldsIn(entry);
      const tool = nameIn(denial['tool_name']) ?? 'a tool';
      const text = `permission was refused: ${tool} ${jsonOf(denial['tool_input']).slice(0, 300).toWellFormed()}`;
      return { type: 'error', class: 'tool', text, retryAfterMs: null, critical: false };
    });
}
