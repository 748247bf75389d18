/** Rare states that a batch of runs must have come through ("sometimes"), read off the log and the ledger. */
import type { Event } from '../../src/core/event.ts';
import type { Task } from '../../src/core/task.ts';
import type { Simulation } from './simulation.ts';

/** Before the event is folded into the history. */
export function noteEvent(sim: Simulation, { actor, body, task: key }: Event): void {
  const task = key === null ? undefined : sim.history.tasks.get(key);
  if (body.type === 'coordinator-started') {
    sim.epoch = body.epoch;
    if (body.epoch > 1) sim.reach('another coordinator took over');
  }
  if (body.type === 'spawn-answered')
    sim.reach(body.answer.token === null ? `spawn refused: ${body.answer.refusal?.code}` : 'agent spawned on request');
  if (body.type === 'coordinator-stopped') sim.reach('shut down by request');
  if (body.type === 'clock-jumped') sim.reach('clock jump noticed');
  if (body.type === 'late-result-kept') sim.reach('late result kept as evidence');
  if (body.type === 'attempt-ended') sim.reach(`attempt ended: ${body.outcome}`);
  if (body.type === 'account-parked') {
    sim.parked.set(body.account, body.until);
    sim.reach(body.known ? 'account parked until it said' : 'account parked, nobody said for how long');
    if (body.times > 1) sim.reach('account parked again');
  }
  if (body.type === 'account-unparked') {
    sim.parked.delete(body.account);
    sim.reach('account open again');
  }
  if (body.type === 'task-changed' && task !== undefined) {
    sim.needs.set(task.key, body.definition.dependencies);
    if (actor !== 'person') sim.reach('task waits for another that was found on the way');
    else if (task.landing?.state === 'queued') sim.reach('edited on its way onto the target');
  }
  if (body.type === 'task-claimed') sim.reach(`rung: ${body.course?.rung}`);
  if (body.type === 'attempt-ended' && (body.next?.avoid ?? null) !== null) sim.reach('kept for another agent');
  if (body.type === 'task-made-whole' && task !== undefined) {
    sim.needs.set(
      task.key,
      task.dependencies.filter((needed) => !body.parts.includes(needed)),
    );
    sim.reach('all parts failed, done in one piece');
  }
  if (body.type === 'base-changed') sim.reach('running attempt told that its base changed');
  if (body.type === 'work-restacked') sim.reach('proven work put onto a corrected base');
  if (body.type === 'landing-bounced') sim.reach(`sent back from landing: ${body.cause}`);
  if (body.type === 'task-escalated') sim.reach(`to the inbox: ${body.kind}`);
  if (body.type === 'landing-begun' && body.candidate === null) sim.reach('landing taken back: its move never came');
  if (body.type === 'target-started' && body.accepted) sim.reach('target accepted as somebody left it');
  if (body.type === 'task-landed') noteLanded(sim, task, body.landedAs);
  if (body.type === 'task-closed') {
    if (task?.claim !== null) sim.reach('cancelled or completed while an agent worked');
    if (task?.landing !== null) sim.reach('cancelled or completed while in the queue');
  }
}

function noteLanded(sim: Simulation, task: Task | undefined, landedAs: string): void {
  sim.reach('task landed');
  const others = [...sim.history.tasks.values()].filter((other) => other.landing?.landedAs === landedAs);
  if (others.length > 0) sim.reach('several landed by one move');
  if ((sim.moved.get(landedAs) ?? sim.epoch) !== sim.epoch)
    sim.reach('landed for a coordinator that died after the move');
  if ((task?.bounces ?? 0) > 0) sim.reach('landed after it was sent back');
  if ((task?.failures.length ?? 0) > 0) sim.reach('landed after a failed attempt');
}

/** At the end of a run. */
export function noteSteps({ ledger, reached }: Simulation): void {
  if (ledger.lateWrites > 0) reached.set('write with an old token refused', ledger.lateWrites);
  if (ledger.lateBeats > 0) reached.set('beat with an old token refused', ledger.lateBeats);
}
