/** The views that show how work goes, in a real browser on a real run: nothing is refused by the content policy, nobody is left out. */
import { AxeBuilder } from '@axe-core/playwright';
import { describe, expect, test } from 'vitest';
import { serveApi, type ServedApi } from '../support/api.ts';
import { makeProject, patience, planFile, type Project } from '../support/e2e.ts';
import { hasBrowser, openBrowser } from './browser.ts';
import { open } from './page.ts';

const plan = `# Tasks for 001: a small plan

## Layer 1: Ground
- [ ] T001 Read the format
      Dependencies: None
      Files: src/T001.txt
- [ ] T002 Fail always
      Dependencies: None
      Files: src/T002.txt

## Layer 2: House
- [ ] T003 Write the format
      Dependencies: T001
      Files: src/T003.txt
- [ ] T004 Never reached
      Dependencies: T002, T003
      Files: src/T004.txt
`;

const good = [
  { do: 'usage', tokens: 1_200, costUsd: 0.25 },
  { do: 'write', path: 'src/{task}.txt', text: '{title}\n' },
  { do: 'commit' },
  { do: 'report', report: 'complete' },
  { do: 'exit' },
];
const bad = [{ do: 'exit', exitCode: 1 }];

/** A run that is over: some landed, one in the inbox, one blocked behind it; with words and findings of agents that try to be markup. */
async function finishedRun(): Promise<{ project: Project; api: ServedApi }> {
  const project = await makeProject({
    plan,
    settings: {
      agents: { demo: { adapter: 'scripted', script: 'script.json', slots: 2 } },
      budget: { attempts: 1 },
      landing: { checks: ['true'] },
    },
    script: { default: [good], tasks: { T002: [bad] } },
  });
  await project.orbit('plan', planFile, '--json');
  // 4: one task needs a person.
  const ran = await project.orbit('run', '001', '--json');
  expect(ran.code, ran.stdout).toBe(4);
  await project.orbit('send', 'demo-1', '<b onclick="x()">words</b>\u202E of nobody');
  await project.orbit('note', '<img src=x>', 'the title above is text');
  return { project, api: await serveApi(project) };
}

const views = [
  '/graph',
  '/graph?as=table',
  '/timeline',
  '/timeline?as=table',
  '/landing',
  '/scope',
  '/messages',
  '/messages?as=findings',
  '/costs',
  '/events',
  '/events?view=replay',
];

describe.skipIf(!hasBrowser)('what the dashboard shows of a run', () => {
  test.each(['light', 'dark'] as const)(
    'B7 S1 every view stands in %s, without a fault and without a barrier that a machine can find',
    patience,
    async (colorScheme) => {
      const { api } = await finishedRun();
      const { page, faults } = await openBrowser({ colorScheme });
      await open(page, api.link);
      for (const view of views) {
        await open(page, api.url + view);
        const { violations } = await new AxeBuilder({ page }).include('main').analyze();
        const told = violations.map(({ id, nodes }) => `${view} ${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
        expect(told).toEqual([]);
      }
      expect(faults).toEqual([]);
    },
  );

  test('B7 the table of the graph says what the picture shows, and is walked by keys', patience, async () => {
    const { api } = await finishedRun();
    const { page, faults } = await openBrowser();
    await open(page, api.link);
    await open(page, `${api.url}/graph`);
    await page.getByRole('application', { name: /^Graph of tasks/ }).focus();
    // Few enough that each task is an element, and each need a line between two.
    await expect.poll(async () => page.locator('.react-flow__node').count()).toBe(4);
    await expect.poll(async () => page.locator('.react-flow__edge-path').count()).toBe(3);
    await page.keyboard.press('ArrowRight');
    const aside = page.getByRole('complementary', { name: /About T00/ });
    await aside.waitFor();
    const first = await aside.getAttribute('aria-label');
    await page.keyboard.press('ArrowRight');
    await expect.poll(async () => aside.getAttribute('aria-label')).not.toBe(first);
    await page.keyboard.press('m');
    await page.getByRole('menuitem', { name: 'Open', exact: true }).waitFor();

    await open(page, `${api.url}/graph?as=table&sel=001/T004`);
    const grid = page.getByRole('treegrid');
    expect(await grid.getByRole('row').allInnerTexts()).toEqual(
      expect.arrayContaining([expect.stringMatching(/T002 Fail always\s+▲\s*needs you/)]),
    );
    await expect.poll(async () => page.getByText('What keeps it waiting in the end').count()).toBe(1);
    await grid.focus();
    for (const key of ['End', 'ArrowRight']) await page.keyboard.press(key);
    await expect.poll(async () => grid.getByRole('row', { name: /T003 Write the format/ }).count()).toBe(2);
    expect(faults).toEqual([]);
  });

  test('C3 C9 the replay ends where the present is, and begins where nothing was', patience, async () => {
    const { api } = await finishedRun();
    const { page, faults } = await openBrowser();
    await open(page, api.link);
    await open(page, `${api.url}/events?view=replay&as=table`);
    const tasks = (await api.call('GET', '/api/tasks?limit=100')).json()['items'] as { id: string; status: string }[];
    const rows = async (): Promise<string> => (await page.getByRole('treegrid').innerText()).replaceAll(/\s+/g, ' ');
    for (const group of ['Open Layer 1', 'Open Layer 2']) {
      const button = page.getByRole('button', { name: group, exact: true });
      if ((await button.count()) > 0) await button.click();
    }
    for (const { id, status } of tasks)
      expect(await rows()).toMatch(new RegExp(`${id} [^✓▲▫]+ [✓▲▫] ${status.replace('-', ' ')}`));
    await page.getByRole('slider').focus();
    await page.keyboard.press('Home');
    await expect.poll(async () => page.getByText('Before the first event').count()).toBe(0);
    await expect.poll(async () => page.getByRole('treegrid').count()).toBe(0);
    expect(faults).toEqual([]);
  });

  test('S1 what agents wrote is text, and has no characters that turn it round', patience, async () => {
    const { api } = await finishedRun();
    const { page, faults } = await openBrowser();
    await open(page, api.link);
    await open(page, `${api.url}/messages`);
    await page.getByText('<b onclick="x()">words</b> of nobody', { exact: true }).waitFor();
    await open(page, `${api.url}/messages?as=findings`);
    await page.getByText('<img src=x>', { exact: true }).waitFor();
    expect(await page.locator('main img, main b[onclick]').count()).toBe(0);
    expect(faults).toEqual([]);
  });
});
