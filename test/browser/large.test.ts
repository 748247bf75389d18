/** The dashboard on 2,000 tasks and 50 agents at work: nothing is lost, and the page stays small. Needs a build. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { serveApi, type ServedApi } from '../support/api.ts';
import { makeProject, type Project } from '../support/e2e.ts';
import { claimMany, largePlan } from '../support/large-project.ts';
import { hasBrowser, openBrowser } from './browser.ts';
import { answerDialog, open, press, signIn, told } from './page.ts';
import { until } from './stage.ts';

/** What a page of this size may have of elements; without windows on lists it would be tens of thousands. */
const elementsMax = 5_000;

async function large(): Promise<{ project: Project; api: ServedApi }> {
  const project = await makeProject({ plan: largePlan({ layers: 40, perLayer: 50 }), settings: {} });
  expect((await project.orbit('list', '--json')).code).toBe(0);
  const store = await project.store();
  await claimMany(store, 50);
  await store[Symbol.asyncDispose]();
  return { project, api: await serveApi(project) };
}

const elements = async (page: Page): Promise<number> => page.evaluate(() => document.querySelectorAll('*').length);

describe.skipIf(!hasBrowser)('the dashboard on 2,000 tasks', () => {
  test('D7 the list holds every task, the graph and the agents all of theirs, in a page that stays small', async () => {
    const { project, api } = await large();
    const { page, faults } = await openBrowser();
    await signIn(page, api);

    await open(page, '/tasks?sort=id');
    await page.getByText('2000 tasks').waitFor();
    const grid = page.getByRole('grid');
    expect(await grid.getAttribute('aria-rowcount')).toBe('2001');
    const seen = new Set<string>();
    const look = async (): Promise<void> => {
      for (const id of await grid
        .getByRole('gridcell')
        .getByText(/^T\d{4}$/)
        .allTextContents())
        seen.add(id);
      expect(await elements(page)).toBeLessThan(elementsMax);
    };
    await grid.getByText('T0001', { exact: true }).waitFor();
    const scroller = grid.getByRole('rowgroup');
    for (let top = 0; seen.size < 2_000 && top <= 2_000 * 40; top += 400) {
      await scroller.evaluate((element, to) => element.scrollTo({ top: to }), top);
      await page.evaluate(
        async () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
      );
      await look();
    }
    expect(seen.size).toBe(2_000);
    await grid.getByText('T2000', { exact: true }).waitFor();

    // Nothing fits, then everything again: the list comes back at its top, however far down it was.
    const query = page.getByRole('searchbox', { name: 'Query' });
    await query.fill('nowhere-to-be-found');
    await page.getByText('No task is like that').waitFor();
    await query.fill('');
    await grid.getByText('T0001', { exact: true }).waitFor();

    // What happens arrives there too, and the query finds one among all.
    expect((await project.orbit('create', '--plan', '001', '--title', 'The needle')).code).toBe(0);
    await page.getByText('2001 tasks').waitFor();
    await query.fill('needle');
    await page.getByText('1 of 2001 tasks').waitFor();
    await grid.getByText('The needle').waitFor();

    await open(page, '/agents');
    await page.getByText('50 agents').waitFor();
    for (const agent of [1, 25, 50])
      await page.getByRole('link', { name: `claude-${agent}`, exact: true }).waitFor({ state: 'attached' });
    expect(await elements(page)).toBeLessThan(elementsMax);

    for (const path of ['/graph', '/graph?as=table', '/timeline', '/scope', '/events', '/landing', '/costs']) {
      await open(page, path);
      await page.locator('main canvas, main table, main h2').first().waitFor();
      expect(await elements(page), path).toBeLessThan(elementsMax);
    }
    expect(faults).toEqual([]);
  });

  test('D7 hundreds of tasks are held at once, at the pace that the server bears', async () => {
    const { api } = await large();
    const { page } = await openBrowser();
    await signIn(page, api);
    await open(page, '/tasks?q=layer:30,31,32,33,34,35');
    await page.getByText('300 of 2000 tasks').waitFor();
    await page.getByRole('checkbox', { name: 'Select all shown' }).check();
    await press(page, 'Hold…');
    await answerDialog(page, { words: 'a freeze', button: 'Hold' });
    await told(page, /of 300 done/).waitFor();
    expect(await told(page, /of 300 done/).textContent()).toBe('300 of 300 done');
    const { items } = (await api.call('GET', '/api/tasks?status=waiting&limit=5000')).json();
    expect(items).toHaveLength(300);
  });

  test('D7 the graph is moved, zoomed to one task and read there, and follows it', async () => {
    const { project, api } = await large();
    const { page, faults } = await openBrowser();
    await signIn(page, api);
    await open(page, '/graph');
    const picture = page.getByRole('application', { name: /Graph of tasks/ });
    await picture.waitFor();
    const box = await picture.boundingBox();
    if (box === null) throw new Error('the graph has no place');
    await until(() => new URL(page.url()).searchParams.has('cam'), 'the graph does not stand');
    const before = new URL(page.url()).searchParams.get('cam');
    await page.mouse.move(box.x + 600, box.y + 300);
    await page.mouse.down();
    await page.mouse.move(box.x + 400, box.y + 250, { steps: 8 });
    await page.mouse.up();
    await until(() => new URL(page.url()).searchParams.get('cam') !== before, 'the graph does not move');
    await open(page, '/graph?sel=001%2FT1025');
    const about = page.getByRole('complementary', { name: 'About T1025' });
    await about.waitFor();
    await picture.focus();
    // By keys from the overview to where nodes are elements that can be read.
    await until(async () => {
      if ((await page.locator('.react-flow__node').count()) > 0) return true;
      await page.keyboard.press('+');
      return false;
    }, 'nodes do not become elements');
    expect(await elements(page)).toBeLessThan(elementsMax);
    expect((await project.orbit('cancel', 'T1025', '--reason', 'too many')).code).toBe(0);
    await about.getByText('cancelled').waitFor();
    expect(faults).toEqual([]);
  });
});
