/**
 * `npm run sim -- --seeds N [--seed S] [--trace]`: runs seeds, tells what was reached, and how to replay what failed.
 */
import { parseArgs } from 'node:util';
import { newBatch, addOutcome, tellBatch, tellFailure } from './batch.ts';
import { simulate } from './simulation.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    trace: { type: 'boolean', default: false },
    'keep-going': { type: 'boolean', default: false },
  },
});
const first = Number(values.seed);
const count = values.trace ? 1 : Number(values.seeds);
const batch = newBatch();
const startedMs = performance.now();
for (let seed = first; seed < first + count; seed += 1) {
  const trace = (line: string): void => void process.stdout.write(`${line}\n`);
  const outcome = await simulate(seed, values.trace ? { trace } : {});
  addOutcome(batch, outcome);
  if (outcome.violation === null) continue;
  process.stdout.write(tellFailure(outcome));
  process.exitCode = 1;
  if (!values['keep-going']) break;
}
process.stdout.write(tellBatch(batch, performance.now() - startedMs));
