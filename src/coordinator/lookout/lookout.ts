/**
 * The look-out beside the rounds: sees conflicts between work in flight before any of it reaches the landing queue (D5).
 *
 * Owns when it looks and what it remembers between looks; what it makes of them is `core/lookout.ts`. Level, not edge: each look
 * compares all work with the stored conflicts, so that a new process begins where the last one stopped. It never holds up a round and
 * never ends a run: what it cannot see now it sees later.
 */
import { conflictKey, type Conflict, type ConflictChange } from '../../core/conflict.ts';
import { keyParts, type TaskKey } from '../../core/id.ts';
import {
  isSettled,
  judge,
  moved,
  pairsOf,
  tellings,
  toMerge,
  type Movement,
  type Pair,
  type Tip,
} from '../../core/lookout.ts';
import { OperationalError } from '../../platform/error.ts';
import { epochOf } from '../lead.ts';
import type { MergePair } from '../../workspace/repository.ts';
import type { CoordinatorPorts, CoordinatorSettings } from '../ports.ts';
import type { CoordinatorState } from '../state.ts';
import { PathMemory } from './path-memory.ts';
import { isTold, messageId, tell } from './tell.ts';
import { WorkInFlight, type InFlight } from './work.ts';

export interface LookoutContext {
  ports: CoordinatorPorts;
  settings: CoordinatorSettings;
  state: CoordinatorState;
}

export class Lookout {
  readonly #context: LookoutContext;
  readonly #inFlight = new WorkInFlight();
  readonly #paths = new PathMemory();
  #movements = new Map<TaskKey, Movement>();
  #verdicts = new Map<string, readonly string[]>();
  /** Ids of messages that are in the store. */
  #told = new Set<string>();
  #look: Promise<void> | null = null;
  #failed: { error: unknown } | null = null;
  #againMs = 0;
  #trouble = '';

  constructor(context: LookoutContext) {
    this.#context = context;
  }

  /** Starts a look if it is time for one. Throws what only a mistake in here can throw. */
  start(): void {
    const failed = this.#failed;
    this.#failed = null;
    if (failed !== null) throw failed.error;
    const { clock } = this.#context.ports;
    if (this.#look !== null || clock.monotonicMs() < this.#againMs) return;
    this.#look = this.#lookOnce().finally(() => {
      this.#look = null;
    });
  }

  /** Resolves when no look is going on. */
  async settled(): Promise<void> {
    await this.#look;
  }

  async #lookOnce(): Promise<void> {
    const { ports, settings } = this.#context;
    const startedMs = ports.clock.monotonicMs();
    try {
      await this.look();
      this.#trouble = '';
    } catch (error) {
      if (!(error instanceof OperationalError)) this.#failed = { error };
      else if (error.message !== this.#trouble) {
        this.#trouble = error.message;
        ports.log(`no look at conflicts ahead: ${error.message}`);
      }
    }
    const endedMs = ports.clock.monotonicMs();
    const { lookoutIntervalMs, lookoutShare, lookoutWaitMsMax } = settings.limits;
    const restMs = Math.min((endedMs - startedMs) / lookoutShare, lookoutWaitMsMax);
    this.#againMs = endedMs + Math.max(lookoutIntervalMs, restMs);
  }

  /** One look. Throws OperationalError when store or git cannot be used. */
  async look(): Promise<void> {
    const { ports, settings } = this.#context;
    const inFlight = await this.#inFlight.read(ports, settings);
    const tips = await this.#tipsOf(inFlight);
    const pairs = pairsOf(tips, inFlight.targets);
    await this.#merge(pairs);
    const stored = (await ports.store.conflicts()).filter(({ task }) => settings.plans.includes(keyParts(task).plan));
    const change = judge(stored, { pairs, verdicts: this.#verdicts, now: ports.clock.now() });
    if (!(await this.#note(change))) return;
    await this.#tellAll(presentAfter(stored, change), tips);
  }

  async #tipsOf({ work, targets }: InFlight): Promise<Tip[]> {
    const { ports, settings } = this.#context;
    const { lookoutSettleMs: settleMs, lookoutSettleMsMax: settleMsMax } = settings.limits;
    const at = { nowMs: ports.clock.monotonicMs(), settleMs, settleMsMax };
    const before = this.#movements;
    this.#movements = new Map(
      work.map(({ task, commit }) => [task, moved(before.get(task) ?? null, commit, at)] as const),
    );
    const sets = await this.#paths.setsOf(ports.repository, work, targets);
    return work.map((one, index) => {
      const movement = this.#movements.get(one.task);
      const rests = one.agent === null || (movement !== undefined && isSettled(movement, at));
      return { ...one, isSettled: rests, own: sets[index]?.own ?? null, since: sets[index]?.since ?? null };
    });
  }

  /** Merges what is not known yet, and forgets what is asked for no longer. */
  async #merge(pairs: readonly Pair[]): Promise<void> {
    const { ports, settings } = this.#context;
    const present = new Set(pairs.map(({ id }) => id));
    for (const id of this.#verdicts.keys()) if (!present.has(id)) this.#verdicts.delete(id);
    const open = toMerge(pairs, this.#verdicts, settings.limits.lookoutMergesMax);
    for (const target of new Set(open.map((pair) => pair.target))) {
      const some = open.filter((pair) => pair.target === target);
      const answers = await ports.repository.tryMerges(some.map(mergeOf), target);
      for (const [index, { id }] of some.entries()) this.#verdicts.set(id, answers[index] ?? []);
    }
  }

  /** `false` when another coordinator leads by now: then it is the other's to tell. */
  async #note(change: ConflictChange): Promise<boolean> {
    const { ports, state } = this.#context;
    if (change.noted.length === 0 && change.ended.length === 0) return true;
    const context = { actor: 'coordinator', now: ports.clock.now(), epoch: epochOf(state) };
    return (await ports.store.noteConflicts(change, context)) === null;
  }

  async #tellAll(conflicts: readonly Conflict[], tips: readonly Tip[]): Promise<void> {
    const present = tellings(conflicts, tips);
    const ids = new Set(present.map(messageId));
    for (const id of this.#told) if (!ids.has(id)) this.#told.delete(id);
    for (const telling of present) {
      const id = messageId(telling);
      if (this.#told.has(id)) continue;
      // An earlier process may have told it; what would be said is dear to find out.
      if (!(await isTold(this.#context.ports, telling))) await tell(this.#context.ports, telling);
      this.#told.add(id);
    }
  }
}

function mergeOf({ one, other, base, target }: Pair): MergePair {
  return { ours: other === null ? target : one.commit, theirs: (other ?? one).commit, base };
}

function presentAfter(stored: readonly Conflict[], { noted, ended }: ConflictChange): Conflict[] {
  const present = new Map(stored.map((conflict) => [conflictKey(conflict), conflict]));
  for (const pair of ended) present.delete(conflictKey(pair));
  for (const conflict of noted) present.set(conflictKey(conflict), conflict);
  return [...present.values()];
}
