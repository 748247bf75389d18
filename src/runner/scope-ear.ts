/**
 * What becomes of its agent's wish for more paths, on its way to supervision and to the agent.
 *
 * Owns that each outcome is heard once. What the agent got at once it knows from the answer to its own command.
 */
import { wideningText } from '../actions/widen-scope.ts';
import { giveHint } from './hint.ts';
import type { Stage } from './stage.ts';
import type { Course } from './course.ts';

/** A function that takes in what was decided since its last call. */
export function scopeEar({ life }: Stage, course: Course): () => Promise<void> {
  const { ports, attempt } = life;
  let seq = 0;
  return async () => {
    const events = await ports.store.events({ since: seq, task: attempt.task });
    seq = events.at(-1)?.seq ?? seq;
    for (const { body, actor, at } of events) {
      if (body.type !== 'scope-widened' && body.type !== 'widening-denied') continue;
      if (body.token !== attempt.token || at < life.loadedAt) continue;
      const scope = (await ports.store.task(attempt.task))?.task.scope ?? [];
      if (body.type === 'scope-widened') course.watched.look({ type: 'scope', scope });
      if (actor === attempt.agent || course.exit !== null) continue;
      const text = wideningText(body, scope);
      await giveHint(life, { by: 'completion', rule: 'scope', text, evidence: [] });
      course.watched.look({ type: 'told', rule: null });
    }
  };
}
