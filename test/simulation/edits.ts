/** A person's edits of tasks at bad moments: what proves them, and what they need. */
import { isRejection } from '../../src/core/rejection.ts';
import { definitionOf } from '../../src/core/task.ts';
import type { Store } from '../../src/store/store.ts';
import type { Simulation } from './simulation.ts';

/** Changes what proves a task or what it needs, whatever becomes of the task just then; rings are the store's to refuse. */
export async function editTask(sim: Simulation, store: Store): Promise<void> {
  const { history, random, world } = sim;
  const tasks = [...history.tasks.values()];
  // Mostly one that is about to land: there an edit meets a judgement that is under way.
  const near = tasks.filter(({ landing }) => landing?.state === 'queued');
  if (tasks.length === 0) return;
  const task = random.pick(near.length > 0 && random.chance(0.9) ? near : tasks);
  const checks = random.pick([[], ['own'], ['late'], ['own', 'late']]);
  const others = tasks.map(({ key }) => key).filter((key) => key !== task.key && !task.dependencies.includes(key));
  const dependencies =
    others.length > 0 && random.chance(0.5) ? [...task.dependencies, random.pick(others)] : task.dependencies.slice(1);
  const definition = { ...definitionOf(task), ...(random.chance(0.7) ? { checks } : { dependencies }) };
  const answer = await store.execute(
    task.key,
    { type: 'change', definition },
    {
      actor: 'person',
      now: world.now(),
      durable: true,
    },
  );
  if (isRejection(answer)) sim.reach(`edit refused: ${answer.code}`);
}
