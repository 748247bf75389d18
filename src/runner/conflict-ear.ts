/**
 * Conflicts ahead, on their way from the look-out to the running agent.
 *
 * Owns that each message is said once, in the middle of the agent's turn where its program can hear then, and is acknowledged only
 * after that. One that cannot be said stays unread, for the agent to find with `orbit read`.
 */
import { lookoutName } from '../core/conflict.ts';
import type { Course } from './course.ts';
import { giveHint } from './hint.ts';
import type { Stage } from './stage.ts';

/** A function that says what came since its last call. An agent that has reported is judged first; it hears what is left after that. */
export function conflictEar({ life, agent }: Stage, course: Course): () => Promise<void> {
  const { ports, attempt, logs } = life;
  const said = new Set<string>();
  return async () => {
    if (agent.capabilities.hint === 'unsupported' || isBusy(course)) return;
    const waiting = await ports.store.messages({ to: attempt.agent });
    const news = waiting.filter(
      // Of an earlier attempt of the same worker: nobody has to know any more.
      ({ id, from, task, at }) =>
        from === lookoutName && task === attempt.task && at >= attempt.startedAt && !said.has(id),
    );
    for (const { id, text } of news) {
      if (isBusy(course)) return;
      said.add(id);
      const delivery = await giveHint(life, { by: 'look-out', rule: 'conflict', text, evidence: [] });
      if (delivery === 'unsupported') continue;
      course.watched.look({ type: 'told', rule: null });
      const count = await ports.store.acknowledge(attempt.agent, [id], ports.clock.now());
      if (count === 0) logs.monitor('that message had been read before');
    }
  };
}

function isBusy({ exit, report, isJudging, isExcused }: Course): boolean {
  return exit !== null || report !== null || isJudging || isExcused;
}
