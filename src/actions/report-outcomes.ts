/** How attempts went, per adapter, model and rung, and what hints did (C14). Reads only. */
import type { Event } from '../core/event.ts';
import { reportOutcomes as judge, type OutcomeReport } from '../core/outcome-report.ts';
import type { Context } from './context.ts';

/** Events read at once: a long log is walked in pieces. */
const pageSize = 5_000;

/** @param plan `null`: all plans. */
export async function reportOutcomes({ store, clock }: Context, plan: string | null): Promise<OutcomeReport> {
  const where = plan === null ? {} : { plan };
  const hints: Event[] = [];
  for (let since = 0; ;) {
    const page = await store.events({ ...where, since, limit: pageSize });
    hints.push(...page.filter(({ body }) => body.type === 'agent-hinted'));
    since = page.at(-1)?.seq ?? since;
    if (page.length < pageSize) break;
  }
  return judge(await store.attempts(where), hints, clock.now());
}
