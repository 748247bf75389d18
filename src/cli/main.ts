/**
 * The command line's entry: the bundle runs this file. It dispatches on the first argument by hand, because every agent pays
 * the start-up on every call.
 */
import { writeSync } from 'node:fs';
import { version } from '../platform/version.ts';

const [verb] = process.argv.slice(2);
if (verb === '--version') {
  writeSync(1, `${version}\n`);
} else {
  writeSync(2, `orbit: unknown command ${verb ?? '(none)'}; try orbit --version\n`);
  process.exitCode = 2;
}
