/**
 * Asks the coordinator that leads for agents, and waits until each is at work or there is a reason why not (D2, E2).
 *
 * Owns the way of a request: it is written into the log, so that whichever process leads performs it at its next tick. Where
 * nobody leads, a coordinator that gives out only what it is asked for is started. Invariant: an answer names an attempt only
 * when its runner beats and its agent's program was seen; until then it is `starting`.
 */
import { agentFamily } from '../../core/agent-name.ts';
import type { Attempt } from '../../core/attempt.ts';
import { keyParts, type TaskKey } from '../../core/id.ts';
import { limits } from '../../core/limits.ts';
import { reject, type Rejection } from '../../core/rejection.ts';
import type { SpawnAnswer, SpawnRequest } from '../../core/spawn.ts';
import { OperationalError, UsageError } from '../../platform/error.ts';
import { newId } from '../../platform/ids.ts';
import { agentEntry, knownAgents } from '../../platform/known-agents.ts';
import { awaitChange } from '../await-change.ts';
import type { Context, StartedRun } from '../context.ts';
import { leaderNow } from '../leader-now.ts';

export interface AgentWish {
  /** Best first. */
  tasks: readonly TaskKey[];
  agent: string | null;
  model: string | null;
  steps: string | null;
}

export interface SpawnedAgent {
  /** The attempt's token as text. */
  id: string;
  agent: string;
  plan: string;
  task: string;
  title: string;
  token: number;
  model: string | null;
  /** `ready`: its program runs. `starting`: its attempt lives and prepares its workspace. */
  state: 'ready' | 'starting';
  branch: string | null;
  workspace: string | null;
  doing: string;
}

/** An answer for each wish, in their order. Throws `UsageError` `unknown-agent`; `OperationalError` `run-failed`. */
export async function askForAgents(
  context: Context,
  wishes: readonly AgentWish[],
): Promise<(SpawnedAgent | Rejection)[]> {
  for (const { agent } of wishes) await requireAgent(context, agent);
  const since = await context.store.lastSeq();
  const now = context.clock.now();
  const requests = wishes.map((wish): SpawnRequest => ({
    ...wish,
    id: newId(now),
    at: now,
    until: now + limits.spawnRequestMs,
  }));
  for (const request of requests)
    await context.store.record({ type: 'spawn-asked', request }, context.caller.actor, context.clock.now());
  const post = new Post(context, { since, plans: plansOf(wishes) });
  return Promise.all(requests.map(async (request) => answerTo(context, post, request)));
}

/** Reads the answers for all requests of one call, and sees to it that somebody leads who can give them. */
class Post {
  readonly #context: Context;
  readonly #plans: readonly string[];
  readonly #answers = new Map<string, SpawnAnswer>();
  #seq: number;
  #run: StartedRun | null = null;

  constructor(context: Context, { since, plans }: { since: number; plans: readonly string[] }) {
    this.#context = context;
    this.#plans = plans;
    this.#seq = since;
  }

  async answerTo(id: string): Promise<SpawnAnswer | null> {
    for (const { seq, body } of await this.#context.store.events({ since: this.#seq })) {
      this.#seq = Math.max(this.#seq, seq);
      if (body.type === 'spawn-answered') this.#answers.set(body.answer.id, body.answer);
    }
    const answer = this.#answers.get(id) ?? null;
    if (answer === null) await this.#ensureLeader();
    return answer;
  }

  async #ensureLeader(): Promise<void> {
    const ended = this.#run?.ended() ?? null;
    if (this.#run !== null && ended === null) return;
    if ((await leaderNow(this.#context)) !== null) return;
    // One that found its answer given, and another leading, ends in order and says nothing.
    if (ended !== null && ended !== '')
      throw new OperationalError('run-failed', `a coordinator was started and ended at once: ${ended}`, {
        hint: `orbit run ${this.#plans.join(' ')} shows it; its words are in logs/on-request.log`,
      });
    this.#run = await this.#context.startRun(this.#plans);
  }
}

async function answerTo(context: Context, post: Post, request: SpawnRequest): Promise<SpawnedAgent | Rejection> {
  const told = await awaitChange(context, limits.spawnPatienceMs, async () => {
    const answer = await post.answerTo(request.id);
    if (answer === null) return null;
    if (answer.token !== null) return readiness(context, answer.token);
    const { code, message, hint } = answer.refusal ?? unanswered(request);
    return reject(code, message, hint);
  });
  if (told !== null) return told;
  const answer = await post.answerTo(request.id);
  if (answer?.token === null || answer?.token === undefined) return unanswered(request);
  const attempt = await context.store.attempt(answer.token);
  return attempt === null ? unanswered(request) : view(context, attempt, 'starting');
}

/** The agent that is at work, the reason why it is not, or `null` while it is on its way. */
async function readiness(context: Context, token: number): Promise<SpawnedAgent | Rejection | null> {
  const attempt = await context.store.attempt(token);
  if (attempt === null) return null;
  const { pulse, endedAt, outcome, reason, task, commit } = attempt;
  const isAtWork = pulse.runner !== null && (pulse.agent !== null || pulse.step > 0);
  // A quick agent may have finished before anybody looked.
  if (isAtWork || outcome === 'done' || commit !== null) return view(context, attempt, 'ready');
  if (endedAt === null) return null;
  const { task: id } = keyParts(task);
  const why = `attempt ${token} of ${attempt.agent} at ${id} ended before its agent was at work (${outcome}): ${reason}`;
  return reject('agent-ended', why, `orbit logs ${id} shows it; mend that, then spawn again`);
}

async function view(context: Context, attempt: Attempt, state: SpawnedAgent['state']): Promise<SpawnedAgent> {
  const { token, agent, branch, workspace, pulse, model } = attempt;
  const { plan, task } = keyParts(attempt.task);
  const title = (await context.store.task(attempt.task))?.task.title ?? '';
  const doing = pulse.doing;
  return {
    id: String(token),
    agent,
    plan,
    task,
    title,
    token,
    model: pulse.model ?? model,
    state,
    branch,
    workspace,
    doing,
  };
}

function unanswered({ tasks }: SpawnRequest): Rejection {
  return reject(
    'spawn-unanswered',
    `nobody answered the request for an agent at ${tasks.slice(0, 3).join(', ')}; it is withdrawn`,
    'orbit agents shows who works; the coordinator tells what it does in logs/coordinator.log',
  );
}

/** What would be refused anyway is said before anything is asked. */
async function requireAgent(context: Context, name: string | null): Promise<void> {
  const settings = await context.settings();
  const names = Object.keys(settings.agents);
  if (name === null) {
    if (names.length > 0) return;
    const hint = `name one that is installed: ${knownAgents.join(', ')}; or add it to orbit.config.json`;
    throw new UsageError('unknown-agent', 'no agent is configured in orbit.config.json', hint);
  }
  if (agentEntry(settings, agentFamily(name)) === null) {
    const hint = `known: ${[...new Set([...names, ...knownAgents])].join(', ')}`;
    throw new UsageError('unknown-agent', `there is no agent ${JSON.stringify(name)} in orbit.config.json`, hint);
  }
}

function plansOf(wishes: readonly AgentWish[]): string[] {
  return [...new Set(wishes.flatMap(({ tasks }) => tasks.map((key) => keyParts(key).plan)))];
}
