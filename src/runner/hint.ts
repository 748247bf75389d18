/**
 * A hint: words for the running agent, from supervision, from a person, or in answer to its report.
 *
 * Owns that each one is recorded with how soon it reaches the model, so that `orbit nudge` can say which, and what hints lead to can be
 * counted. A record that cannot be written costs the record, never the hint.
 */
import type { HintDelivery } from '../agent/agent.ts';
import type { HintBy } from '../core/attempt.ts';
import { isRejection } from '../core/rejection.ts';
import type { Life } from './life.ts';

export interface Hint {
  by: HintBy;
  /** The rule of supervision that asked for it. */
  rule: string | null;
  text: string;
  /** What the rule saw, a line each. */
  evidence: readonly string[];
}

/** Says it to the agent; `unsupported` when the words cannot reach it. Never throws. */
export async function giveHint(life: Life, hint: Hint): Promise<HintDelivery> {
  const { logs } = life;
  const { by, rule, text, evidence } = hint;
  const why = rule === null ? by : `${by}, ${rule}`;
  const delivery = (await life.session?.hint(text).catch(() => 'unsupported' as const)) ?? 'unsupported';
  logs.monitor(`hint (${delivery}; ${why}): ${text}`);
  for (const line of evidence) logs.monitor(`  ${line}`);
  await record(life, { ...hint, delivery });
  return delivery;
}

async function record(
  life: Life,
  { by, rule, text, evidence, delivery }: Hint & { delivery: HintDelivery },
): Promise<void> {
  const { ports, attempt, logs } = life;
  const max = ports.limits.reasonLengthMax;
  const fit = (words: string): string => logs.redact(words).slice(0, max).toWellFormed();
  try {
    const answer = await ports.store.execute(
      attempt.task,
      { type: 'hinted', token: attempt.token, by, rule, text: fit(text), delivery, evidence: evidence.map(fit) },
      { actor: by === 'person' ? 'coordinator' : attempt.agent, now: ports.clock.now(), durable: false },
    );
    if (isRejection(answer)) logs.monitor(`the hint was not recorded: ${answer.message}`);
  } catch (error) {
    logs.monitor(`the hint was not recorded: ${String(error)}`);
  }
}
