/**
 * Every property is tried with the same cases each time, so that a run tells about the change it runs on and not about luck.
 *
 * `ORBIT_FUZZ_SEED=<number>` tries others, `ORBIT_FUZZ_SEED=random` new ones each time: a failure prints its seed.
 */
import * as fc from 'fast-check';

const wanted = process.env['ORBIT_FUZZ_SEED'] ?? '20261129';

if (wanted !== 'random') fc.configureGlobal({ seed: Number(wanted) });
