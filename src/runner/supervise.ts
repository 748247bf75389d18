/**
 * Supervision of a running agent: four things go on at once until one of them knows how the attempt ends.
 *
 * Owns that race: the agent's own end, what supervision finds (`watch-over.ts`), its memory, and the answer to its reports (`completion.ts`); and the
 * signal that overrules them all. Invariant: when it answers, the agent was asked to stop and its stream was read to the end.
 */
import { stopAgent } from './close.ts';
import { answerReports, endingAfterExit } from './completion.ts';
import { follow, newCourse } from './course.ts';
import { watchMemory } from './memory-watch.ts';
import { hearStore } from './reports.ts';
import type { Ending } from './runner.ts';
import { endingAtLogin } from './refused-login.ts';
import { newBell, type Stage } from './stage.ts';
import { termsOf } from './terms.ts';
import { endingAtWall, handOverNotes, passWall } from './walls.ts';
import { newWatched } from './watched.ts';
import { watchOver } from './watch-over.ts';
import { within } from './within.ts';

/** Watches the agent to its end and tells how the attempt ends. */
export async function supervise(stage: Stage): Promise<Ending> {
  const { life, agent } = stage;
  const { stop, ports } = life;
  const watched = newWatched(life, await termsOf(stage), {
    adapter: agent.settings.adapter,
    agent: life.attempt.agent,
  });
  const course = newCourse(life, watched);
  const over = new AbortController();
  const { promise, resolve: settle, reject } = Promise.withResolvers<Ending>();
  const obey = (): void => settle(stop.reason as Ending);
  stop.addEventListener('abort', obey, { once: true });
  if (stop.aborted) obey();

  const bell = newBell();
  const handingOver = async (): Promise<void> => {
    for (;;) {
      const wall = await course.walls.met.promise;
      if (await hearStore(stage, course).catch(() => false)) bell.ring();
      // What was reported before is answered, whatever became of the account since; a later wall is another one.
      if (course.report === null && !course.isExcused) {
        const isLogin = wall.class === 'login';
        settle(
          await (isLogin ? endingAtLogin(stage, wall, course.lastWords) : endingAtWall(life, wall, course.lastWords)),
        );
        return course.walls.answered.resolve();
      }
      passWall(course.walls);
    }
  };
  handingOver().catch(reject);
  const reading = follow({ events: agent.session.events, life, course }, bell.ring);
  const answering = answerReports(stage, course, { bell, signal: over.signal, settle });
  const watching = watchOver(stage, { course, watched, signal: over.signal, settle });
  const weighing = watchMemory(stage, { signal: over.signal, settle });
  const concluding = async (): Promise<void> => {
    await Promise.all([reading, answering]);
    // An agent that ended because of a wall has met that first.
    if (course.walls.isMet) await course.walls.answered.promise;
    if (!over.signal.aborted) settle(await endingAfterExit(stage, course, over.signal));
  };
  const ending = concluding();
  for (const part of [ending, watching, weighing]) part.catch(reject);
  try {
    return withLastWords(await promise, handOverNotes(course.lastWords, life.vitals.todo));
  } finally {
    over.abort();
    bell.ring();
    stop.removeEventListener('abort', obey);
    await stopAgent(life);
    // Checks and looks that were going on end by the same signal; nothing of them may outlive this answer.
    const rest = Promise.allSettled([reading, ending, watching, weighing]);
    await within(ports.clock, { thing: rest, ms: ports.limits.killWaitMs + ports.limits.stopGraceMs });
  }
}

/** A rule tells what it saw; what the agent said last tells a person, and who tries next, what it was at. */
function withLastWords(ending: Ending, notes: string | null): Ending {
  return ending.as === 'failed' && ending.rule !== undefined && notes !== null ? { ...ending, notes } : ending;
}
