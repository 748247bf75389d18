/**
 * A task's life as a trace: one trace over all attempts, a span for each attempt, and below it one for each landing of its work.
 * Pure: read off the task's events and attempts.
 *
 * Owns names and attributes (OpenTelemetry's conventions for generative AI where they have one), and that no title, prompt, reason
 * or other text of people and agents is in them. Ids follow from the log alone, so a span that is sent twice is the same span.
 */
import type { Attempt } from './attempt.ts';
import type { Event } from './event.ts';

export interface Span {
  /** 32 hexadecimal digits. */
  trace: string;
  /** 16 hexadecimal digits. */
  id: string;
  parent: string | null;
  name: string;
  /** Milliseconds since 1970. */
  from: number;
  to: number;
  attributes: Readonly<Record<string, string | number>>;
  /** What went wrong, in one word of ours; `null`: nothing. */
  error: string | null;
  /** Number of the event that ended it. */
  seq: number;
}

/**
 * Spans that have ended, in the order in which they did.
 *
 * @param events of one task, from its first on
 * @param hash hexadecimal digest of a text, 32 digits at least
 */
export function spansOf(
  events: readonly Event[],
  attempts: readonly Attempt[],
  hash: (text: string) => string,
): Span[] {
  const [first] = events;
  if (first === undefined || first.task === null) return [];
  // The log's own chain makes it one of this project and this task, on whatever machine it is read.
  const trace = hash(`trace ${first.hash}`).slice(0, 32);
  const idOf = (name: string): string => hash(`${trace} ${name}`).slice(0, 16);
  const root = idOf('task');
  const byToken = new Map(attempts.map((attempt) => [attempt.token, attempt]));
  const own = { 'orbit.task': first.task, 'orbit.plan': first.plan ?? '' };
  const spans: Span[] = [];
  let queued: { at: number; seq: number; token: number } | null = null;
  let worked = 0;
  for (const { seq, at, body } of events) {
    const ended = { trace, to: at, seq };
    const landing = (error: string | null): void => {
      if (queued === null) return;
      const id = idOf(`landing ${queued.seq}`);
      const attributes = { ...own, 'orbit.token': queued.token };
      spans.push({
        ...ended,
        id,
        parent: idOf(`attempt ${queued.token}`),
        name: 'landing',
        from: queued.at,
        attributes,
        error,
      });
      queued = null;
    };
    if (body.type === 'task-done' || body.type === 'attempt-ended') {
      const token = body.type === 'task-done' ? body.evidence.token : body.token;
      const attempt = byToken.get(token);
      if (body.type === 'task-done') worked = token;
      if (attempt === undefined) continue;
      const outcome = body.type === 'task-done' ? 'done' : body.outcome;
      const error = ['done', 'handed-over', 'released', 'cancelled'].includes(outcome) ? null : outcome;
      const attributes = { ...own, ...attemptAttributes(attempt), 'orbit.outcome': outcome };
      const name = `invoke_agent ${attempt.agent}`;
      spans.push({
        ...ended,
        id: idOf(`attempt ${token}`),
        parent: root,
        name,
        from: attempt.startedAt,
        attributes,
        error,
      });
    } else if (body.type === 'landing-queued') queued = { at, seq, token: worked };
    else if (body.type === 'landing-bounced') landing(body.cause);
    else if (body.type === 'task-landed') landing(null);
    if (body.type !== 'task-landed' && body.type !== 'task-closed') continue;
    queued = null;
    const error = body.type === 'task-closed' && body.as === 'cancelled' ? 'cancelled' : null;
    const attributes = { ...own, 'orbit.attempts': attempts.length };
    spans.push({ ...ended, id: root, parent: null, name: `task ${first.task}`, from: first.at, attributes, error });
  }
  return spans;
}

function attemptAttributes({ agent, token, rung, adapter, model, pulse }: Attempt): Span['attributes'] {
  const used = pulse.model ?? model;
  return {
    'gen_ai.operation.name': 'invoke_agent',
    'gen_ai.agent.name': agent,
    ...(used === null ? {} : { 'gen_ai.request.model': used }),
    'orbit.adapter': adapter ?? 'by-hand',
    'orbit.token': token,
    'orbit.rung': rung,
    'orbit.steps': pulse.step,
    'orbit.tokens': pulse.tokens,
    'orbit.cost_usd': pulse.costUsd,
  };
}
