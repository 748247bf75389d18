/**
 * What an ACP session has used: tokens, context, money.
 *
 * Pure, stateful. The protocol tells the context's size in `usage_update`; tokens come, if at all, with the answer to a prompt or
 * with pieces of it, for the call, the turn or the whole session, depending on the program.
 */
import type { AgentEvent } from '../agent.ts';
import { amountIn, fieldsIn, type Fields } from '../fields.ts';

export interface Usage {
  /** `usage_update`: context and cost, as of now. */
  context(update: Fields): readonly AgentEvent[];
  /** `_meta.usage` of a piece of the answer: one model call. */
  call(meta: Fields): readonly AgentEvent[];
  /** The answer to a prompt. @param spansSession its figures count from the session's start, not from the turn's. */
  reply(result: Fields, spansSession: boolean): readonly AgentEvent[];
}

export function usageCount(): Usage {
  const sums = { tokens: 0, contextUsed: null as number | null, contextSize: null as number | null, costUsd: 0 };
  let told = JSON.stringify(sums);
  /** Tokens told call by call are not counted once more at the turn's end. */
  let countsCalls = false;

  const tell = (): readonly AgentEvent[] => {
    const now = JSON.stringify(sums);
    if (now === told) return [];
    told = now;
    return [{ type: 'usage', ...sums }];
  };
  return {
    context(update): readonly AgentEvent[] {
      sums.contextUsed = amountIn(update['used']) ?? sums.contextUsed;
      sums.contextSize = amountIn(update['size']) ?? sums.contextSize;
      const { amount, currency } = fieldsIn(update['cost']);
      if (currency === 'USD' || currency === undefined) sums.costUsd = Math.max(sums.costUsd, amountIn(amount) ?? 0);
      return tell();
    },
    call(meta): readonly AgentEvent[] {
      const tokens = tokensOf(fieldsIn(meta['usage']));
      if (tokens === null) return [];
      countsCalls = true;
      sums.tokens += tokens;
      return tell();
    },
    reply(result, spansSession): readonly AgentEvent[] {
      const quota = fieldsIn(fieldsIn(fieldsIn(result['_meta'])['quota'])['token_count']);
      const turn = tokensOf(quota);
      const tokens = tokensOf(fieldsIn(result['usage']));
      if (turn !== null) sums.tokens += turn;
      else if (tokens !== null && spansSession) sums.tokens = Math.max(sums.tokens, tokens);
      else if (tokens !== null && !countsCalls) sums.tokens += tokens;
      return tell();
    },
  };
}

function tokensOf(usage: Fields): number | null {
  const total = amountIn(usage['totalTokens']);
  const parts = ['inputTokens', 'outputTokens', 'input_tokens', 'output_tokens'].map((name) => amountIn(usage[name]));
  if (total === null && parts.every((part) => part === null)) return null;
  return total ?? parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
}
