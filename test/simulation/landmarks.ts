/** Rare states that a batch of runs must have come through ("sometimes"), read off the log and the ledger. */
import type { Event } from '../../src/core/event.ts';
import type { Simulation } from './simulation.ts';

/** Before the event is folded into the history. */
export function noteEvent(sim: Simulation, { body, task: key }: Event): void {
  const task = key === null ? undefined : sim.history.tasks.get(key);
  switch (body.type) {
    case 'coordinator-started':
      sim.epoch = body.epoch;
      if (body.epoch > 1) sim.reach('another coordinator took over');
      break;
    case 'clock-jumped':
      sim.reach('clock jump noticed');
      break;
    case 'late-result-kept':
      sim.reach('late result kept as evidence');
      break;
    case 'attempt-ended':
      sim.reach(`attempt ended: ${body.outcome}`);
      break;
    case 'landing-bounced':
      sim.reach(`sent back from landing: ${body.cause}`);
      break;
    case 'task-escalated':
      sim.reach(`to the inbox: ${body.kind}`);
      break;
    case 'landing-begun':
      if (body.candidate === null) sim.reach('landing taken back: its move never came');
      break;
    case 'task-landed':
      sim.reach('task landed');
      if ((sim.moved.get(body.landedAs) ?? sim.epoch) !== sim.epoch) sim.reach('landed for a coordinator that died after the move');
      if ((task?.bounces ?? 0) > 0) sim.reach('landed after it was sent back');
      if ((task?.failures.length ?? 0) > 0) sim.reach('landed after a failed attempt');
      break;
    case 'task-closed':
      if (task?.claim !== null) sim.reach('cancelled or completed while an agent worked');
      if (task?.landing !== null) sim.reach('cancelled or completed while in the queue');
      break;
    default:
  }
}

/** At the end of a run. */
export function noteSteps({ ledger, reached }: Simulation): void {
  if (ledger.lateWrites > 0) reached.set('write with an old token refused', ledger.lateWrites);
  if (ledger.lateBeats > 0) reached.set('beat with an old token refused', ledger.lateBeats);
}
