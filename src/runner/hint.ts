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
  if (by === 'supervision' && delivery === 'next-turn' && !patientRules.has(rule ?? '')) await endTurn(life);
  await record(life, { ...hint, delivery });
  return delivery;
}

/**
 * Rules whose hint can wait for the end of the turn: a budget is not used up yet, and one that is only silent may be
 * thinking; of a base that changed it hears in time as well. What the others see would go on until then, for a turn that goes round in circles has no end.
 */
const patientRules: ReadonlySet<string> = new Set(['silence', 'cost', 'time', 'turns', 'base-changed']);

/** The words wait for the turn's end, so the turn is ended; the agent's session goes on with them. */
async function endTurn({ session, logs }: Life): Promise<void> {
  const isEnded = (await session?.interrupt().catch(() => false)) ?? false;
  if (isEnded) logs.monitor('its turn was ended, so that it hears that now');
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
