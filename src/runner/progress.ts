/**
 * What an agent tells of its progress through a tool or the command line, on its way to the beat and the log for people.
 *
 * Owns that each word is heard once. Adapters that see a todo list in the stream set the same vitals; whichever came last counts.
 */
import type { Life } from './life.ts';

/** A function that takes in what was told since its last call. */
export function progressEar({ ports, attempt, vitals, logs }: Life): () => Promise<void> {
  let seq = 0;
  return async () => {
    const events = await ports.store.events({ since: seq, task: attempt.task });
    seq = events.at(-1)?.seq ?? seq;
    for (const { body } of events) {
      if (body.type !== 'progress-told' || body.token !== attempt.token) continue;
      vitals.doing = body.doing;
      vitals.todo = body.todo ?? vitals.todo;
      vitals.activeAt = ports.clock.now();
      logs.output(`= says: ${body.doing}`);
    }
  };
}
