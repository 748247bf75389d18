/**
 * What attempts cost: as agents reported it, and estimated where they reported tokens alone. Pure.
 *
 * Owns the estimate: the mean price of a token over attempts of the same model that reported both. Without such attempts nothing is
 * estimated; a guess that looks like money is worse than a gap.
 */
import type { Attempt } from '../../../../src/api/contract.ts';

export interface Cost {
  /** US dollars. */
  reported: number;
  estimated: number;
  /** Attempts whose cost nobody knows. */
  unknown: number;
  attempts: number;
  tokens: number;
}

export interface Costed {
  attempt: Attempt;
  /** `null`: not known. */
  usd: number | null;
  isEstimate: boolean;
}

export function costed(attempts: readonly Attempt[]): Costed[] {
  const prices = new Map<string, { usd: number; tokens: number }>();
  for (const attempt of attempts) {
    if (attempt.costUsd <= 0 || attempt.tokens <= 0) continue;
    const price = prices.get(modelOf(attempt)) ?? { usd: 0, tokens: 0 };
    prices.set(modelOf(attempt), { usd: price.usd + attempt.costUsd, tokens: price.tokens + attempt.tokens });
  }
  return attempts.map((attempt): Costed => {
    if (attempt.costUsd > 0) return { attempt, usd: attempt.costUsd, isEstimate: false };
    // What used nothing cost nothing; by hand nothing is counted.
    if (attempt.tokens === 0) return { attempt, usd: attempt.byHand ? 0 : null, isEstimate: false };
    const price = prices.get(modelOf(attempt));
    return { attempt, usd: price === undefined ? null : (attempt.tokens * price.usd) / price.tokens, isEstimate: true };
  });
}

export function modelOf({ adapter, model, byHand }: Attempt): string {
  if (byHand) return 'by hand';
  return `${adapter ?? 'unknown'}${model === null ? '' : ` ${model}`}`;
}

/** Sums by any name, the dearest first. */
export function sumsBy(all: readonly Costed[], nameOf: (attempt: Attempt) => string): { name: string; cost: Cost }[] {
  return [...Map.groupBy(all, ({ attempt }) => nameOf(attempt))]
    .map(([name, own]) => ({ name, cost: sumOf(own) }))
    .toSorted((a, b) => total(b.cost) - total(a.cost) || b.cost.tokens - a.cost.tokens);
}

export function sumOf(all: readonly Costed[]): Cost {
  const sum = { reported: 0, estimated: 0, unknown: 0, attempts: all.length, tokens: 0 };
  for (const { attempt, usd, isEstimate } of all) {
    sum.tokens += attempt.tokens;
    if (usd === null) sum.unknown += 1;
    else sum[isEstimate ? 'estimated' : 'reported'] += usd;
  }
  return sum;
}

function total({ reported, estimated }: Cost): number {
  return reported + estimated;
}

/**
 * Money spent up to each of `points` times, reported and with estimates. An attempt's cost is spread evenly over its time.
 *
 * @param now epoch ms, the end of attempts that run
 * @returns seconds since 1970 and two sums for each
 */
export function burn(all: readonly Costed[], now: number, points = 240): [number[], number[], number[]] {
  const spans = all.flatMap(({ attempt, usd, isEstimate }) => {
    if (usd === null || usd === 0) return [];
    const from = Date.parse(attempt.startedAt);
    return [
      { from, to: Math.max(from + 1, attempt.endedAt === null ? now : Date.parse(attempt.endedAt)), usd, isEstimate },
    ];
  });
  const times: number[] = [];
  const reported: number[] = [];
  const both: number[] = [];
  if (spans.length === 0) return [times, reported, both];
  const start = spans.reduce((low, { from }) => Math.min(low, from), Infinity);
  const end = spans.reduce((high, { to }) => Math.max(high, to), start + 1);
  for (let point = 0; point <= points; point += 1) {
    const at = start + ((end - start) * point) / points;
    let [sure, guessed] = [0, 0];
    for (const { from, to, usd, isEstimate } of spans) {
      const spent = usd * Math.min(1, Math.max(0, (at - from) / (to - from)));
      if (isEstimate) guessed += spent;
      else sure += spent;
    }
    times.push(at / 1_000);
    reported.push(sure);
    both.push(sure + guessed);
  }
  return [times, reported, both];
}
