/**
 * The landing queue on paper: how long until fifty changes have landed or gone back, each validation one unit of time, at several failure
 * rates. The rules of `core/train.ts` against three known designs on the same queues: one change at a time, one batch that is bisected
 * (of the size that suits the rate), and a speculative window that tests every change on all ahead of it.
 */
import { Random } from '../test/simulation/random.ts';
import {
  driveBisect,
  driveSerial,
  driveTrain,
  driveWindow,
  type QueueOrder,
  type QueueRun,
} from '../test/support/queue-model.ts';
import type { Measure, MeasureOptions, Row } from './measure.ts';

export const measure: Measure = { name: 'queue', run };

const count = 50;
const lanes = 4;
const failureRates = [0.01, 0.05, 0.1, 0.2];

async function run({ quick }: MeasureOptions): Promise<Row[]> {
  return failureRates.flatMap((rate) => rowsAt(rate, quick ? 100 : 1_000));
}

function rowsAt(rate: number, queues: number): Row[] {
  const random = new Random(20_261_129);
  const batchSize = Math.max(1, Math.min(32, Math.floor(Math.LN2 / rate)));
  const orders = Array.from({ length: queues }, (): QueueOrder => {
    const all = Array.from({ length: count }, (_, index) => index + 1);
    return { count, lanes, bad: new Set(all.filter(() => random.chance(rate))) };
  });
  const mean = (drive: (order: QueueOrder) => QueueRun, of: 'elapsed' | 'runs'): number =>
    orders.reduce((sum, order) => sum + drive(order)[of], 0) / queues;
  const train = (order: QueueOrder): QueueRun => driveTrain(order);
  const row = (name: string, of: 'elapsed' | 'runs', drive: (order: QueueOrder) => QueueRun): Row => ({
    what: `queue of ${count}, ${rate * 100} % bad, ${lanes} lanes: ${of === 'elapsed' ? 'time' : 'validations'} against ${name}`,
    measured: { value: mean(train, of), unit: '' },
    limit: { value: mean(drive, of), unit: '', of: name },
    goal: { of: 'ratio', most: 1 },
  });
  return [
    row('one at a time', 'elapsed', driveSerial),
    row('batch and bisect', 'elapsed', (order) => driveBisect(order, batchSize)),
    row('a speculative window', 'elapsed', driveWindow),
    row('a speculative window', 'runs', driveWindow),
  ];
}
