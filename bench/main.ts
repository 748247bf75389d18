/**
 * `npm run bench`: measures Orbit against what the machine allows, and prints one table.
 *
 * `--only NAME` (several with commas) runs a part, `--quick` smaller inputs and fewer rounds. Exit code 0 whatever the verdicts:
 * goals are goals, not tests. docs/benchmarks.md says what each row means.
 */
import { parseArgs } from 'node:util';
import type { Measure, Row } from './measure.ts';
import { makeScratch } from './scratch.ts';
import { loadNow, machineLines, tableOf } from './table.ts';

const measures: Readonly<Record<string, () => Promise<{ measure: Measure }>>> = {
  'cli-start': async () => import('./cli-start.ts'),
  'parallel-claims': async () => import('./parallel-claims.ts'),
  ready: async () => import('./ready.ts'),
  'large-plan': async () => import('./large-plan.ts'),
  scheduling: async () => import('./scheduling.ts'),
  landing: async () => import('./landing.ts'),
  queue: async () => import('./queue.ts'),
  workspace: async () => import('./workspace.ts'),
  lookout: async () => import('./lookout.ts'),
  'hand-over': async () => import('./hand-over.ts'),
  'quiet-agents': async () => import('./quiet-agents.ts'),
  doorbell: async () => import('./doorbell.ts'),
  supervision: async () => import('./supervision.ts'),
  dashboard: async () => import('./dashboard.ts'),
  api: async () => import('./api.ts'),
};

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, quick: { type: 'boolean', default: false } },
});
const names = namesOf(values.only?.flatMap((text) => text.split(',')) ?? Object.keys(measures));
process.exitCode = await runAll(names, values.quick);

function namesOf(wanted: readonly string[]): string[] {
  const unknown = wanted.filter((name) => !Object.hasOwn(measures, name));
  if (unknown.length > 0) {
    process.stderr.write(`no measure ${unknown.join(', ')}; known: ${Object.keys(measures).join(', ')}\n`);
    process.exit(2);
  }
  return [...wanted];
}

async function runAll(wanted: readonly string[], quick: boolean): Promise<number> {
  using home = makeScratch();
  // Nobody's settings take part, neither of git nor of Orbit.
  process.env['HOME'] = home.directory;
  for (const name of Object.keys(process.env)) if (/^(ORBIT|GIT|XDG)_/.test(name)) delete process.env[name];
  const note = (text: string): void => void process.stderr.write(`${text}\n`);
  const before = loadNow();
  const rows: Row[] = [];
  let failed = 0;
  for (const name of wanted) {
    const start = performance.now();
    try {
      const measure = (await measures[name]?.())?.measure;
      rows.push(...((await measure?.run({ quick, note })) ?? []));
      note(`${name}: ${((performance.now() - start) / 1000).toFixed(0)} s`);
    } catch (error) {
      failed += 1;
      note(`${name} could not be measured: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
  }
  const order = `${quick ? 'quick run' : 'full run'}${wanted.length === Object.keys(measures).length ? '' : ` of ${wanted.join(', ')}`}`;
  process.stdout.write(`${[...machineLines(order, { before, after: loadNow() }), '', tableOf(rows)].join('\n')}\n`);
  return failed === 0 ? 0 : 1;
}
