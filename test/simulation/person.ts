/**
 * The people around a run: they cancel, hold, answer and commit at bad moments, stop and start coordinators, and the
 * machine they work on stops processes, kills them and moves its clock.
 */
import type { TaskCommand } from '../../src/core/command.ts';
import type { TaskKey } from '../../src/core/id.ts';
import { OperationalError } from '../../src/platform/error.ts';
import { isRejection } from '../../src/core/rejection.ts';
import { editTask } from './edits.ts';
import { acceptTarget, commitOnTarget, switchBranch } from './person-on-target.ts';
import { pathsInScope, planId, sharedPath, target } from './scenario.ts';
import type { Simulation } from './simulation.ts';
import type { SimProcess } from './world.ts';

type Deed =
  | 'cancel'
  | 'complete'
  | 'hold'
  | 'unhold'
  | 'retry'
  | 'reopen'
  | 'escalate'
  | 'pause'
  | 'work'
  | 'commit'
  | 'drain'
  | 'spawn'
  | 'shutdown'
  | 'checkout'
  | 'message'
  | 'advise'
  | 'edit'
  | 'read';

const deeds: Readonly<Record<Deed, number>> = {
  cancel: 1,
  complete: 0.5,
  hold: 2,
  unhold: 3,
  retry: 8,
  reopen: 2,
  escalate: 1,
  pause: 1,
  work: 2,
  commit: 3,
  drain: 1.5,
  spawn: 6,
  shutdown: 0.3,
  checkout: 3,
  message: 4,
  advise: 1,
  edit: 3,
  read: 4,
};

/** Does things now and then until the faults end. */
export async function personMain(sim: Simulation, process: SimProcess): Promise<void> {
  const random = sim.random.fork();
  const { personMs } = sim.scenario;
  while (!sim.healed) {
    await process.gate(random.int(personMs / 4, personMs * 2));
    if (sim.healed) return;
    try {
      await act(sim, process, random.weighted(deeds));
    } catch (error) {
      if (!(error instanceof OperationalError)) throw error;
    }
  }
}

async function act(sim: Simulation, process: SimProcess, deed: Deed): Promise<void> {
  const { random } = sim;
  const { store } = sim.portsFor(process);
  const actor = 'person';
  const now = sim.world.now();
  const onTask = async (command: TaskCommand, fits: (key: TaskKey) => boolean = () => true): Promise<void> => {
    const keys = [...sim.history.tasks.keys()].filter(fits);
    if (keys.length > 0) await store.execute(random.pick(keys), command, { actor, now, durable: true });
  };
  const task = (key: TaskKey): ReturnType<typeof sim.history.tasks.get> => sim.history.tasks.get(key);
  switch (deed) {
    case 'cancel':
      return onTask(
        { type: 'close', as: 'cancelled', why: 'not wanted' },
        (key) => random.chance(0.5) || task(key)?.claim !== null,
      );
    case 'complete':
      return onTask({ type: 'close', as: 'completed', why: 'done by hand' });
    case 'hold':
      return onTask({ type: 'hold', why: 'wait' });
    case 'unhold':
      return onTask({ type: 'unhold' }, (key) => task(key)?.hold !== null);
    case 'retry':
      return onTask(
        { type: 'retry', advice: 'try again', attemptsGranted: 1 },
        (key) => task(key)?.inbox !== null || task(key)?.retryAt !== null,
      );
    case 'reopen':
      return onTask(
        { type: 'reopen', why: 'not good enough' },
        (key) => task(key)?.closed !== null || task(key)?.evidence !== null,
      );
    case 'escalate':
      return onTask({ type: 'escalate', kind: 'stuck', reason: 'a person looks at it' });
    case 'advise':
      return onTask({ type: 'advise', advice: 'mind the tests' });
    case 'edit':
      return editTask(sim, store);
    case 'pause':
      return pauseForAWhile(sim, process);
    case 'work':
      return workByHand(sim, process);
    case 'commit':
      if (!commitOnTarget(sim)) return;
      await process.gate(random.int(0, 30_000));
      return acceptTarget(sim, store);
    case 'drain':
      return sim.coordinators.drainOne();
    case 'spawn':
      return askForAgent(sim, process);
    case 'shutdown':
      await store.record({ type: 'shutdown-asked', why: 'enough for today' }, actor, now);
      return;
    case 'checkout':
      return switchBranch(sim);
    case 'message':
      return sendMessages(sim, process);
    case 'read': {
      const read = await store.messages({ to: 'ada', limit: 3 });
      await store.acknowledge(
        'ada',
        read.map(({ id }) => id),
        now,
      );
      return;
    }
  }
}

async function pauseForAWhile(sim: Simulation, process: SimProcess): Promise<void> {
  const { store } = sim.portsFor(process);
  await store.pausePlan(planId, { paused: true, what: 'work', why: 'lunch' }, 'person', sim.world.now());
  await process.gate(sim.random.int(5_000, 30_000));
  await store.pausePlan(planId, { paused: false, what: 'work', why: 'back' }, 'person', sim.world.now());
}

/** Wishes for an agent at one of two tasks, from whatever coordinator leads. */
async function askForAgent(sim: Simulation, process: SimProcess): Promise<void> {
  const { random } = sim;
  const { store } = sim.portsFor(process);
  const now = sim.world.now();
  const tasks = [...sim.history.tasks.keys()];
  if (tasks.length === 0) return;
  const wanted = random.chance(0.5) ? [random.pick(tasks)] : [random.pick(tasks), random.pick(tasks)];
  const steps = random.chance(0.3) ? 'Go through these steps' : null;
  const id = `spawn-${now}-${random.int(0, 999_999)}`;
  const request = { id, tasks: wanted, agent: null, model: null, steps, at: now, until: now + 45_000 };
  await store.record({ type: 'spawn-asked', request }, 'person', now);
}

/** Claims a task for an agent of their own, and completes it or forgets about it. */
async function workByHand(sim: Simulation, process: SimProcess): Promise<void> {
  const { git, random, world } = sim;
  const { store } = sim.portsFor(process);
  const base = git.refs.get(target) ?? git.refs.get('refs/heads/main') ?? '';
  const claimed = await store.claim(
    {
      agent: 'ada',
      plan: planId,
      task: null,
      byHand: true,
      leaseMs: 60_000,
      shared: [sharedPath],
      base,
      workspace: null,
      branch: null,
    },
    'person',
    world.now(),
  );
  if (isRejection(claimed)) return;
  sim.reach('claimed by hand');
  const { task, token } = claimed;
  await process.gate(random.int(1_000, 40_000));
  if (random.chance(0.4)) return;
  const files = new Map(git.filesAt(base));
  const path = pathsInScope(task.scope)[0] ?? 'area0/file0.txt';
  files.set(path, `by hand ${random.int(0, 9_999)}`);
  const commit = git.writeCommit({
    tree: git.writeTree(files),
    parents: [base],
    message: `by hand for ${task.id}`,
    atMs: world.now(),
  });
  git.refs.set(`refs/heads/hand-${token}`, commit);
  const { tree } = git.commit(commit);
  const evidence = {
    token,
    agent: 'ada',
    commit,
    base: random.chance(0.5) ? base : null,
    tree,
    branch: null,
    commits: 1,
    files: 1,
    checks: [],
    noChanges: null,
    at: world.now(),
  };
  await store.execute(
    task.key,
    { type: 'prove', token, evidence },
    { actor: 'person', now: world.now(), durable: true },
  );
}

/** Sends a few, and some of them twice, as a sender does who did not get the answer. */
async function sendMessages(sim: Simulation, process: SimProcess): Promise<void> {
  const { random } = sim;
  const { store } = sim.portsFor(process);
  const from = random.pick(['bob', 'cleo']);
  for (let count = random.int(1, 3); count > 0; count -= 1) {
    const message = {
      id: `m${random.int(0, 1_000_000)}`,
      from,
      to: 'ada',
      task: null,
      text: 'hello',
      at: sim.world.now(),
    };
    for (let tries = random.int(1, 2); tries > 0; tries -= 1) {
      try {
        await store.send(message);
      } catch (error) {
        if (!(error instanceof OperationalError)) throw error;
      }
    }
  }
}

/** Faults of the machine: kills, stops, jumps of the wall clock. */
export async function chaosMain(sim: Simulation, process: SimProcess): Promise<void> {
  const random = sim.random.fork();
  const { chaosMs } = sim.scenario;
  for (;;) {
    await process.gate(random.int(chaosMs / 4, chaosMs * 2));
    if (sim.healed) return;
    const parts = sim.machine.living();
    const kind = random.weighted({ kill: 3, stop: 4, coordinator: 2, clock: 1 });
    sim.countFault(kind === 'clock' ? 'clock jump' : `machine ${kind}`);
    if (kind === 'clock') {
      const sign = random.chance(0.5) ? 1 : -1;
      sim.world.wallOffsetMs += sign * random.pick([3_000, 20_000, 600_000, 3_600_000]);
    } else if (kind === 'coordinator') {
      const coordinators = sim.coordinators.living();
      if (coordinators.length > 0) stopFor(sim, random.pick(coordinators), random.int(5_000, 60_000));
    } else if (parts.length > 0) {
      const { process: victim } = random.pick(parts);
      if (kind === 'kill') victim.kill();
      else stopFor(sim, victim, random.int(2_000, 120_000));
    }
  }
}

function stopFor(sim: Simulation, victim: SimProcess, ms: number): void {
  victim.stop();
  sim.world.after(ms, () => victim.resume());
}

/** Follows the log as any reader does: by number, a few at a time, forgetting nothing but its process. */
export async function readerMain(sim: Simulation, process: SimProcess): Promise<void> {
  const random = sim.random.fork();
  const { store } = sim.portsFor(process);
  for (;;) {
    await process.gate(random.int(500, 15_000));
    await sim.readOn(store, random.int(1, 9));
  }
}
