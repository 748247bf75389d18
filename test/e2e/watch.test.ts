import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { cellsOf } from '../../src/core/text-width.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { bundle, makeProject, patience, type Project } from '../support/e2e.ts';
import { hasTmux, startTmux, type Tmux } from '../support/tmux.ts';

const tasks = { 'T001 Slow work': [], 'T002 Übersetze 任務 🚀': [], 'T003 Needs it': ['depends: T001'] };

/** T001 waits to be told to end, and the others are held back by having no slot. */
async function project(): Promise<Project> {
  return makeProject({
    plan: planText(tasks),
    settings: shellSettings(1, { heartbeatIntervalMs: 200 }),
    files: { 'agent.sh': shellAgent('T001-1) echo hello from the agent; await go; own ;;') },
  });
}

async function watch(
  { directory, environment }: Project,
  {
    columns = 110,
    rows = 30,
    args = [],
    more = {},
  }: { columns?: number; rows?: number; args?: readonly string[]; more?: Record<string, string> } = {},
): Promise<Tmux> {
  const command = [process.execPath, bundle, 'watch', ...args];
  return startTmux({ command, directory, environment: { ...environment, ...more }, columns, rows });
}

function letGo({ outside }: Project): void {
  mkdirSync(join(outside, 'meet'), { recursive: true });
  writeFileSync(join(outside, 'meet', 'go'), '');
}

test.skipIf(!hasTmux)(
  'E4 D7 D11 watch shows a run as it goes, and its keys act on what is selected',
  patience,
  async () => {
    const own = await project();
    const run = own.run('001');
    await run.until(({ type }) => type === 'attempt-prepared');
    const seen = await watch(own);
    const board = await seen.until((screen) => screen.includes('sh-1') && screen.includes('Agents 1'));
    expect(board).toContain('►A T001 Slow work');
    expect(board).toContain('◇R T002 Übersetze 任務 🚀');
    expect(board).toContain('T003 Needs it  waits for T001');

    // From the plan's own row to T001, T002.
    seen.press('j', 'j', 'p');
    await seen.until((screen) => screen.includes('001/T002 is waiting.'));
    const store = await own.store();
    expect((await store.task('001/T002'))?.task.hold).toMatchObject({ why: 'paused by hand' });
    seen.press('p');
    await seen.until((screen) => screen.includes('001/T002 is ready.'));
    expect((await store.task('001/T002'))?.task.hold).toBeNull();

    seen.press('n');
    seen.type('use the lamp');
    seen.press('Enter');
    await seen.until((screen) => screen.includes('its next attempt is told'));
    expect((await store.task('001/T002'))?.task.advice).toContain('use the lamp');

    seen.press('w');
    await seen.until((screen) => screen.includes('001/T002 is ready: Übersetze'));
    seen.press('q');

    seen.press('/');
    seen.type('needs it');
    await seen.until((screen) => !screen.includes('Slow work') && screen.includes('T003'));
    seen.press('Escape');
    await seen.until((screen) => screen.includes('Slow work'));

    seen.press('j', 'c', 'n');
    await seen.until((screen) => screen.includes('Nothing was done.'));
    expect((await store.task('001/T003'))?.task.closed).toBeNull();
    seen.press('c', 'y');
    await seen.until((screen) => screen.includes('001/T003 is cancelled.'));
    expect((await store.task('001/T003'))?.task.closed).toMatchObject({ as: 'cancelled' });

    seen.press('Tab', 'l');
    await seen.until((screen) => screen.includes('Log of 001/T001') && screen.includes('hello from the agent'));
    letGo(own);
    expect((await run.ended).code).toBe(0);
    seen.press('q');
    await seen.until((screen) => screen.includes('2/3 landed'));
    seen.press('q');
    const left = await seen.until((screen) => screen.trimEnd().endsWith('prompt'));
    expect(left).not.toContain('landed');
    await store[Symbol.asyncDispose]();
  },
);

test.skipIf(!hasTmux)('E4 a finished change is looked at, approved and rejected by keys', patience, async () => {
  const own = await makeProject({
    plan: planText({ 'T001 One': [], 'T002 Two': [] }),
    settings: shellSettings(2, { landing: { approval: 'each' } }),
    files: { 'agent.sh': shellAgent('') },
  });
  expect((await own.run('001').ended).code).toBe(4);
  const seen = await watch(own);
  await seen.until((screen) => screen.includes('Inbox 2'));
  seen.press('j', 'a');
  await seen.until((screen) => /approve 001\/T001 at [0-9a-f]{12}: 1 file, \+1 -0/.test(screen));
  seen.press('y');
  await seen.until((screen) => screen.includes('001/T001 is approved'));
  const store = await own.store();
  expect((await store.task('001/T001'))?.task.approval).not.toBeNull();
  seen.press('j', 'x');
  seen.type('say it shorter');
  seen.press('Enter');
  await seen.until((screen) => screen.includes('001/T002 is'));
  expect((await store.task('001/T002'))?.task.failures.at(-1)?.reason).toContain('say it shorter');
  seen.press('x');
  await seen.until((screen) => screen.includes('has no finished work to reject'));
  await store[Symbol.asyncDispose]();
});

test.skipIf(!hasTmux)('E4 narrow, without colour, in ASCII, resized, and ended by SIGTERM', patience, async () => {
  const own = await project();
  const seen = await watch(own, { columns: 40, rows: 14, more: { LANG: 'C', NO_COLOR: '1' } });
  const narrow = await seen.until((screen) => screen.includes('T003'));
  expect(narrow).toMatch(/^[\n -~]*$/);
  expect(narrow).toContain('oR T002 Ubersetze ?? ?');
  for (const line of narrow.split('\n')) expect(cellsOf(line)).toBeLessThanOrEqual(40);
  seen.resize(70, 20);
  await seen.until((screen) => screen.includes('n nudge'));
  const program = own.processes().find(({ command }) => command.endsWith(' watch'));
  if (program === undefined) throw new Error('orbit watch does not run');
  process.kill(program.pid, 'SIGTERM');
  const left = await seen.until((screen) => screen.trimEnd().endsWith('prompt'));
  expect(left).not.toContain('T003');
  seen.type('stty -a | tr ";" "\\n" | grep -o "[-]*icanon"; echo code');
  seen.press('Enter');
  await seen.until((screen) => /\nicanon\ncode/.test(screen));
});

test('E4 without a terminal the picture is printed once, and --line is one line', patience, async () => {
  const own = await project();
  const piped = await own.orbit('watch');
  expect(piped.code).toBe(0);
  expect(piped.stdout).toContain('◇R T001 Slow work');
  const facts = (await own.orbit('watch', '--once', '--json')).json;
  expect(facts).toMatchObject({ plans: [{ plan: '001', layers: [{ layer: 1, total: 3 }] }] });
  expect((await own.orbit('watch', '--line')).stdout).toBe('001 0/3 nobody leads\n');
});

test('metrics of a real run add up', patience, async () => {
  const own = await makeProject({
    plan: planText({ 'T001 One': [], 'T002 Two': [] }),
    settings: shellSettings(2),
    files: { 'agent.sh': shellAgent('') },
  });
  expect((await own.run('001').ended).code).toBe(0);
  const { stdout } = await own.orbit('stats', '--metrics');
  const lines = stdout.split('\n');
  expect(lines).toContain('orbit_tasks{plan="001",status="landed"} 2');
  expect(lines).toContain('orbit_attempts_total{adapter="command",outcome="done"} 2');
  expect(lines).toContain('orbit_coordinator_leads 0');
  const store = await own.store();
  expect(lines).toContain(`orbit_events_total ${await store.lastSeq()}`);
  await store[Symbol.asyncDispose]();
});
