/** How attempts went, per adapter, model and rung, what hints did (C14), and how often work met (D10). Reads only. */
import type { Attempt } from '../core/attempt.ts';
import { reportConflicts, type ConflictReport } from '../core/conflict-report.ts';
import type { Event } from '../core/event.ts';
import { reportOutcomes as judge, type OutcomeReport } from '../core/outcome-report.ts';
import type { Context } from './context.ts';

/** Events read at once: a long log is walked in pieces. */
const pageSize = 5_000;

const counted: ReadonlySet<string> = new Set(['agent-hinted', 'task-claimed', 'conflict-seen', 'landing-bounced']);

/** @param attempts of the plan; @param plan `null`: all plans. */
export async function reportOutcomes(
  { store, clock }: Context,
  plan: string | null,
  attempts: readonly Attempt[],
): Promise<OutcomeReport & { conflicts: ConflictReport }> {
  const where = plan === null ? {} : { plan };
  const events: Event[] = [];
  for (let since = 0; ;) {
    const page = await store.events({ ...where, since, limit: pageSize });
    events.push(...page.filter(({ body }) => counted.has(body.type)));
    since = page.at(-1)?.seq ?? since;
    if (page.length < pageSize) break;
  }
  return { ...judge(attempts, events, clock.now()), conflicts: reportConflicts(events) };
}
