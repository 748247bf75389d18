/** Runs the scripted model server by hand; see README.md beside this file. */
import { pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import type { Scenario } from './scenario.ts';
import { startModelServer } from './server.ts';

const { values } = parseArgs({
  options: { port: { type: 'string', default: '0' }, scenarios: { type: 'string' }, fallback: { type: 'string' } },
});
const own =
  values.scenarios === undefined
    ? {}
    : ((await import(pathToFileURL(values.scenarios).href)) as { scenarios: Record<string, Scenario> }).scenarios;
const server = await startModelServer({
  port: Number(values.port),
  scenarios: own,
  ...(values.fallback === undefined ? {} : { fallback: values.fallback }),
});
process.stdout.write(`${server.url()}\n`);
