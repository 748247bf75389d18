/**
 * The dashboard on 2,000 tasks and 50 agents at work, in a real browser: what a person waits for, and how smoothly it moves.
 *
 * Times are taken inside the page, by its own clock. Limits come from the same browser and server in turns: a bare answer as a
 * page, the bare request, the frames of a page in which nothing moves.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from 'playwright-core';
import { importPlan } from '../src/actions/import-plan.ts';
import { launchBrowser } from '../test/browser/launch.ts';
import { claimMany, largePlan } from '../test/support/large-project.ts';
import { click, drawn, frames, request, shown } from './dashboard-probes.ts';
import type { Measure, MeasureOptions, Row } from './measure.ts';
import { copyProgram, environmentOf } from './processes.ts';
import { makeProject, type Project } from './project.ts';
import { inRounds } from './rounds.ts';
import { atEnd, makeScratch } from './scratch.ts';
import { median, percentile } from './statistics.ts';

export const measure: Measure = { name: 'dashboard', run };

interface Served {
  url: string;
  link: string;
}

const agents = 50;

async function run({ quick, note }: MeasureOptions): Promise<Row[]> {
  const layers = quick ? 10 : 40;
  const perLayer = 50;
  const tasks = layers * perLayer;
  if (quick) note(`dashboard: a quick run has ${tasks} tasks`);
  using scratch = makeScratch();
  const program = copyProgram(scratch.directory);
  // The server needs packages that the other commands do without.
  symlinkSync(join(import.meta.dirname, '..', 'node_modules'), join(scratch.directory, 'node_modules'));
  await using project = await makeProject({ directory: join(scratch.directory, 'project'), files: 50, settings: {} });
  await fill(project, largePlan({ layers, perLayer }));
  const server = await serve(program, project.repository.directory);
  using _end = server.end;
  const browser = await launchBrowser();
  try {
    const { page } = browser;
    page.setDefaultTimeout(120_000);
    await page.goto(server.link);
    await page.locator('main h1').waitFor();
    return await measured(page, { url: server.url, tasks, rounds: quick ? 5 : 15 });
  } finally {
    await browser.close();
  }
}

async function fill({ context, repository }: Project, text: string): Promise<void> {
  const file = join(repository.directory, 'specs/001/agent-tasks/layered-tasks.md');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  await importPlan(context, { file, plan: '001', format: 'layered-tasks' });
  await claimMany(context.store, agents);
}

/** `orbit serve` as a process of its own, on any free port. */
async function serve(program: string, directory: string): Promise<Served & { end: Disposable }> {
  const child = spawn(process.execPath, [program, 'serve', '--port', '0', '--json'], {
    cwd: directory,
    env: environmentOf({}),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const end = atEnd(() => child.kill('SIGKILL'));
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const told = JSON.parse(line) as Partial<Served>;
  if (told.url === undefined || told.link === undefined) throw new Error(`orbit serve told ${line}`);
  return { url: told.url, link: told.link, end };
}

async function measured(
  page: Page,
  { url, tasks, rounds }: { url: string; tasks: number; rounds: number },
): Promise<Row[]> {
  const list = `${url}/tasks?sort=-id`;
  const loads = await inRounds(
    { rounds, warmUp: 1 },
    {
      bare: async () => (await page.goto(`${url}/api/overview`), page.evaluate<number>(drawn)),
      paint: async () => (await page.goto(list), page.evaluate<number>(drawn)),
      rows: async () => (await page.goto(list), page.evaluate<number>(shown)),
      ask: async () => page.evaluate<number>(request('/api/tasks?limit=5000')),
    },
  );
  await page.goto(list);
  await page.evaluate(shown);
  const seen: { told: number; shown: number }[] = [];
  for (let round = 0; round < rounds; round += 1)
    seen.push(await page.evaluate<{ told: number; shown: number }>(click(`Seen ${round}`)));
  const scrolled = await page.evaluate<number[]>(frames('scroll'));
  await page.goto(`${url}/graph`);
  await page.locator('main canvas').first().waitFor();
  const panned = await page.evaluate<number[]>(frames('pan'));
  await page.goto(`${url}/api/overview`);
  const still = await page.evaluate<number[]>(frames('nothing'));
  const frame = (what: string, times: readonly number[]): Row => ({
    what: `  ${what}, a frame`,
    measured: { value: percentile(times, 0.95), unit: 'ms', of: 'p95' },
    limit: { value: percentile(still, 0.95), unit: 'ms', of: 'p95 of a page that does nothing' },
    goal: { of: 'ratio', most: 2 },
  });
  return [
    {
      what: `dashboard, ${tasks.toLocaleString('en')} tasks: first paint`,
      measured: { value: median(loads.paint), unit: 'ms' },
      limit: { value: median(loads.bare), unit: 'ms', of: 'a bare answer as a page' },
      goal: { of: 'measured', most: 400 },
    },
    {
      what: '  all tasks are there, live',
      measured: { value: median(loads.rows), unit: 'ms' },
      limit: { value: median(loads.ask), unit: 'ms', of: 'their bare request' },
    },
    frame('scrolling the list', scrolled),
    frame('panning the graph', panned),
    {
      what: '  from a change to its row on the screen',
      measured: { value: median(seen.map((one) => one.shown)), unit: 'ms' },
      limit: { value: median(seen.map(({ told }) => told)), unit: 'ms', of: 'the change itself' },
      goal: { of: 'measured', most: 1_000, below: true },
    },
  ];
}
