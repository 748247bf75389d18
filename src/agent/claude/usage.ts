/**
 * What a session of Claude Code used so far, put together from what its stream tells at different times.
 *
 * The program tells totals at the end of a turn and when asked; in between each model call tells its own use. Invariant: the
 * totals never go back. What a subagent's call used counts, but its context is its own.
 */
import type { AgentEvent } from '../agent.ts';
import { amountIn, fieldsIn, type Fields } from '../fields.ts';

export interface Usage {
  /** A model call's own use, when it has ended. @param isMain of the agent itself, not of a subagent. */
  call(usage: Fields, isMain: boolean): AgentEvent;
  /** Totals of the session: `modelUsage` of a result, or of an answer to `get_usage`. */
  totals(modelUsage: Fields, costUsd: unknown): AgentEvent;
  now(): AgentEvent;
}

/** @param model the name of the session's model, once it is known. */
export function usageSoFar(model: () => string | null): Usage {
  let tokens = 0;
  let told = 0;
  let costUsd = 0;
  let contextUsed: number | null = null;
  let contextSize: number | null = null;

  const now = (): AgentEvent => {
    told = Math.max(told, tokens);
    return { type: 'usage', tokens: told, contextUsed, contextSize, costUsd };
  };
  return {
    now,
    call(usage, isMain): AgentEvent {
      const used = sum(usage, callNames);
      tokens += used;
      // An API error is told as a call that used nothing.
      if (isMain && used > 0) contextUsed = used;
      return now();
    },
    totals(modelUsage, cost): AgentEvent {
      const models = Object.entries(modelUsage).map(([name, value]) => ({ name, fields: fieldsIn(value) }));
      const all = models.reduce((before, { fields }) => before + sum(fields, totalNames), 0);
      if (all > 0) tokens = all;
      const main =
        models.find(({ name }) => name === model()) ??
        models.toSorted((a, b) => sum(b.fields, totalNames) - sum(a.fields, totalNames))[0];
      contextSize = amountIn(main?.fields['contextWindow']) ?? contextSize;
      costUsd = Math.max(costUsd, amountIn(cost) ?? 0);
      return now();
    },
  };
}

const callNames = ['input_tokens', 'cache_read_input_tokens', 'cache_creation_input_tokens', 'output_tokens'];
const totalNames = ['inputTokens', 'cacheReadInputTokens', 'cacheCreationInputTokens', 'outputTokens'];

function sum(fields: Fields, names: readonly string[]): number {
  return names.reduce((before, name) => before + (amountIn(fields[name]) ?? 0), 0);
}
