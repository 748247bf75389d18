/**
 * Answers requests for agents (D2, E2): a claim and a runner for each that can be given out, a reason for each that cannot.
 *
 * Owns the checks that ordinary giving out makes silently, told to whoever asked: slots, the machine, quota, plans of this run.
 */
import { agentFamily, mayTake } from '../core/agent-name.ts';
import type { Attempt } from '../core/attempt.ts';
import { keyParts, type TaskKey } from '../core/id.ts';
import { limits } from '../core/limits.ts';
import { isRejection, reject, type Rejection } from '../core/rejection.ts';
import { attemptFor, type SpawnAnswer, type SpawnRequest } from '../core/spawn.ts';
import { barredOf } from './checked-agents.ts';
import { freeWorkers, startOne } from './give-out.ts';
import { epochOf } from './lead.ts';
import { hasRoom } from './machine-room.ts';
import type { AgentSlots, CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import type { CoordinatorState } from './state.ts';

/** How many were given out. @param stopped why nothing may start just now, or `null`. */
export async function answerSpawns(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  { state, stopped }: { state: CoordinatorState; stopped: string | null },
): Promise<number> {
  let started = 0;
  for (const request of state.requests.spawns) {
    const given = await answerOne(ports, settings, { state, request, stopped });
    // Whoever leads by now answers.
    if (isRejection(given) && given.code === 'not-leading') break;
    const answer: SpawnAnswer = isRejection(given)
      ? { id: request.id, task: null, token: null, refusal: wordsOf(given) }
      : { id: request.id, task: given.task, token: given.token, refusal: null };
    await ports.store.record({ type: 'spawn-answered', answer }, 'coordinator', ports.clock.now());
    state.requests.spawns = state.requests.spawns.filter(({ id }) => id !== request.id);
    if (isRejection(given)) continue;
    state.requests.asked.add(given.task);
    started += 1;
  }
  return started;
}

interface Order {
  state: CoordinatorState;
  request: SpawnRequest;
  stopped: string | null;
}

async function answerOne(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  { state, request, stopped }: Order,
): Promise<Attempt | Rejection> {
  const live = (await ports.store.attempts({ live: true })).filter(({ byHand }) => !byHand);
  const known = attemptFor(request, live);
  if (known !== null) return known;
  const refusal = refuseNow(settings, { state, request, stopped, live });
  if (refusal !== null) return refusal;
  const able = await ableAgents(ports, settings, request);
  if (isRejection(able)) return able;
  const busy = new Set(live.map(({ agent }) => agent));
  let why: Rejection | null = null;
  for (const agent of able) {
    const worker = freeWorkers(agent, busy).find((name) => request.agent === null || mayTake(name, request.agent));
    if (worker === undefined) continue;
    if (!(await hasRoom(ports, settings, { state, agent, live }))) {
      why ??= reject('no-room', state.crowded ?? 'the machine has no room for another agent', 'wait until one ends');
      continue;
    }
    for (const task of request.tasks) {
      const before = async (): Promise<void> => adviseSteps(ports, request, { task, epoch: epochOf(state) });
      const start = { state, worker, agent: wished(agent, request), alone: true, stack: null, before };
      const attempt = await startOne(ports, settings, { ...start, plan: keyParts(task).plan, task });
      if (!isRejection(attempt)) return attempt;
      why ??= attempt;
    }
  }
  return why ?? reject('no-slot', `all slots of ${able.map(({ name }) => name).join(', ')} are in use`, 'wait for one');
}

function refuseNow(
  { plans, parallelMax }: CoordinatorSettings,
  { state, request, stopped, live }: Order & { live: readonly Attempt[] },
): Rejection | null {
  if (state.draining)
    return reject('shutting-down', 'the coordinator that leads gives out nothing more', 'ask again when it has ended');
  if (stopped !== null) return reject('no-room', stopped, 'free some space, or wait until an agent ends');
  const other = request.tasks.every((key) => !plans.includes(keyParts(key).plan));
  if (other)
    return reject(
      'other-plans',
      `the coordinator that leads works on ${plans.join(', ')}, not on ${keyParts(request.tasks[0] ?? '/').plan}`,
      'wait for its end, or orbit shutdown, then ask again',
    );
  if (parallelMax === null || live.length < parallelMax) return null;
  return reject(
    'no-slot',
    `${live.length} agents are at work, and maxParallelAgents is ${parallelMax}`,
    'wait for one',
  );
}

/** The agents of this run that the request may mean and that get tasks. */
async function ableAgents(
  ports: CoordinatorPorts,
  settings: CoordinatorSettings,
  { agent }: SpawnRequest,
): Promise<readonly AgentSlots[] | Rejection> {
  const fitting = settings.agents.filter(({ name }) => agent === null || name === agent || name === agentFamily(agent));
  if (fitting.length === 0) {
    const names = settings.agents.map(({ name }) => name).join(', ');
    return reject(
      'no-slot',
      `the coordinator that leads has no agent ${agent}`,
      `it has ${names}; orbit shutdown ends it`,
    );
  }
  const barred = await barredOf(ports, fitting);
  const able = fitting.filter(({ name }) => !barred.has(name));
  if (able.length > 0) return able;
  const [name = '', why = ''] = [...barred][0] ?? [];
  return reject('agent-barred', why, `orbit agents check ${name}`);
}

function wished(agent: AgentSlots, { model }: SpawnRequest): AgentSlots {
  if (model === null || agent.profile === undefined) return agent;
  const thinking = agent.profile.wish?.thinking ?? null;
  return { ...agent, profile: { ...agent.profile, wish: { model, thinking } } };
}

/** Said before its runner reads the task: then the steps stand in the prompt, behind what was advised already. */
async function adviseSteps(
  { store, clock }: CoordinatorPorts,
  { steps }: SpawnRequest,
  { task, epoch }: { task: TaskKey; epoch: number },
): Promise<void> {
  if (steps === null) return;
  const before = (await store.task(task))?.task.advice ?? null;
  if (before?.includes(steps) === true) return;
  const advice = before === null ? steps : `${before}\n\n${steps}`;
  const context = { actor: 'coordinator', now: clock.now(), durable: false, epoch };
  await store.execute(task, { type: 'advise', advice: advice.slice(0, limits.notesLengthMax) }, context);
}

function wordsOf({ code, message, hint }: Rejection): NonNullable<SpawnAnswer['refusal']> {
  return { code, message, hint };
}
