/**
 * A login that was refused while an agent was at work (C8, P6): nobody's fault and no attempt, but nothing that a further one would mend.
 *
 * Owns when the agent is barred. A refusal in the middle of work is not believed at once: programs renew logins, and a copy that was
 * lent before is worth nothing after that. The next attempt gets the login as it is by then, and what it is told decides.
 */
import { loginAdvice } from './login-advice.ts';
import type { Ending } from './runner.ts';
import type { Stage } from './stage.ts';
import { endingAtWall, nameOf, type Wall } from './walls.ts';

/** @param lastWords of the agent. */
export async function endingAtLogin(stage: Stage, wall: Wall, lastWords: readonly string[]): Promise<Ending> {
  const { ports, attempt, task } = stage.life;
  const ending = endingAtWall(stage.life, wall, lastWords);
  if (ending.as !== 'handed-over' || (hasAnswered(stage) && !(await wasRefusedBefore(stage)))) return ending;
  const where = `attempt ${attempt.token} of ${task.key}`;
  const reason = `${wall.text} (${where}). ${loginAdvice(stage.agent)}`;
  return { ...ending, bars: { agent: nameOf(attempt.agent, ports.settings), reason } };
}

/** Its model has answered: the login was good when it began. */
function hasAnswered({ life }: Stage): boolean {
  return life.vitals.tokens > 0;
}

/** The attempt before ended at the same, and this one, which was the second look, has not worked for long. */
async function wasRefusedBefore({ life }: Stage): Promise<boolean> {
  const { ports, attempt, startedAt } = life;
  if (ports.clock.monotonicMs() - startedAt >= ports.limits.loginHoldsMs) return false;
  const earlier = (await ports.store.attempts({ task: attempt.task })).filter(({ token }) => token < attempt.token);
  const last = earlier.toSorted((one, other) => one.token - other.token).at(-1);
  return last?.cause === 'login';
}
