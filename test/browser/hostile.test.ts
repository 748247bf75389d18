/** Texts of agents that try to be more than text, in every place where the dashboard shows some (S13). Needs a build. */
import type { BrowserContext, Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { serveApi, type ServedApi } from '../support/api.ts';
import { makeProject, type Project } from '../support/e2e.ts';
import { planText } from '../support/orbit-project.ts';
import { hasBrowser, openBrowser } from './browser.ts';
import { hostileTexts, readable } from './hostile-texts.ts';
import { open, signIn } from './page.ts';

interface Hostile {
  project: Project;
  api: ServedApi;
  /** The attempt whose agent said it all. */
  token: number;
}

/** All texts as titles, bodies, reasons, messages, findings; and those of an agent: what it says, uses, writes, names files. */
async function hostileProject(): Promise<Hostile> {
  const said = hostileTexts.flatMap((text) => [
    { do: 'say', text },
    { do: 'tool', tool: 'bash', input: text, text },
  ]);
  const files = ['<img src=x onerror=window.canary=1>.ts', 'a\u202Egpj.ts', 'b c\u0007.ts', `${'long-'.repeat(40)}.ts`];
  const project = await makeProject({
    plan: planText('T001', 'T002'),
    settings: {
      agents: { demo: { adapter: 'scripted', script: 'script.json', slots: 1 } },
      budget: { attempts: 1 },
      landing: { approval: 'each' },
      supervision: { sameMessageAct: 1_000, sameCallAct: 1_000, nothingNewAct: 10_000, readsOnlyAct: 10_000 },
    },
    script: {
      tasks: {
        T001: [
          [
            ...said,
            ...files.map((path) => ({ do: 'write', path, text: hostileTexts.join('\n').replaceAll('\u0000', '') })),
            { do: 'commit', message: hostileTexts[0] },
            { do: 'report', report: 'complete', text: hostileTexts[1] },
          ],
        ],
        T002: [[{ do: 'report', report: 'question', text: hostileTexts.slice(0, 60).join('\n') }]],
      },
    },
  });
  const ran = await project.orbit('run', '001', '--json');
  expect(ran.code, ran.stderr).toBe(4);
  const api = await serveApi(project);
  const post = async (path: string, body: unknown): Promise<void> => {
    const answer = await api.call('POST', path, { body });
    // So many at once are more than the server takes from anybody.
    if (answer.status === 429) {
      await new Promise((free) => setTimeout(free, 1_000 * Number(answer.headers['retry-after'])));
      return post(path, body);
    }
    expect(answer.status, answer.text).toBeLessThan(300);
  };
  for (const text of hostileTexts) {
    await post('/api/tasks', { plan: '001', title: text.replaceAll(/\s+/g, ' ').slice(0, 390), description: text });
    await post('/api/messages', { to: 'person', text });
    await post('/api/findings', { kind: 'gotcha', title: text.replaceAll(/\s+/g, ' ').slice(0, 390), text, paths: [] });
  }
  await post('/api/tasks/001/T003/actions', { action: 'hold', why: hostileTexts.join(' ').slice(0, 4_000) });
  const attempts = (await api.call('GET', '/api/attempts?task=T001')).json()['items'] as { token: number }[];
  return { project, api, token: attempts[0]?.token ?? 0 };
}

describe.skipIf(!hasBrowser)('hostile text in the dashboard', () => {
  test('S13 more than a hundred texts stay text in every view: nothing runs, nothing is asked of elsewhere', async () => {
    expect(hostileTexts.length).toBeGreaterThan(100);
    const { api, token } = await hostileProject();
    const { page, context, faults } = await openBrowser();
    const elsewhere = watchRequests(context, api);
    await signIn(page, api);

    await open(page, '/tasks?sort=id');
    await everyText(page, async () => allRows(page));
    await expectHarmless(page);

    await open(page, '/?kind=message');
    await everyText(page, async () => page.locator('main').innerText());
    await expectHarmless(page);

    await open(page, '/messages?all=yes');
    await everyText(page, async () => page.locator('main').innerText());
    await expectHarmless(page);
    await open(page, '/messages?as=findings');
    await expectHarmless(page);

    await open(page, `/attempts/${token}`);
    await page.getByRole('log').waitFor();
    await expectHarmless(page);
    for (const tab of ['output', 'monitor']) {
      await open(page, `/attempts/${token}?tab=${tab}`);
      await expectHarmless(page);
    }

    for (const path of [
      '/',
      '/tasks/001/T001',
      '/tasks/001/T001/change',
      '/tasks/001/T001/change?view=split',
      '/tasks/001/T002',
      '/tasks/001/T003',
      '/tasks/001/T010',
      '/agents',
      '/graph',
      '/graph?as=table',
      '/timeline',
      '/landing',
      '/scope',
      '/costs',
      '/events',
      '/health',
      `/tasks?q=${encodeURIComponent(hostileTexts[0] ?? '')}`,
      `/graph?find=${encodeURIComponent(hostileTexts[2] ?? '')}`,
      `/tasks/${encodeURIComponent('<img src=x onerror=window.canary=1>')}/x`,
    ]) {
      await open(page, path);
      await expectHarmless(page, path);
    }
    // What turns the reading order is told by its number where somebody judges code, and is left out of names.
    await open(page, '/tasks/001/T001/change');
    await page.getByRole('button', { name: /agpj\.ts/ }).click();
    await page.getByText('<U+202E>txet desrever a').first().waitFor();
    expect(elsewhere).toEqual([]);
    expect(faults.filter((fault) => !/status of 40[04]/.test(fault))).toEqual([]);
  });
});

/** Every request that leaves the server's own origin. */
function watchRequests(context: BrowserContext, api: ServedApi): string[] {
  const elsewhere: string[] = [];
  context.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(api.url).origin && protocol !== 'blob:') elsewhere.push(request.url());
  });
  return elsewhere;
}

/** No script ran, no element of such a text is there, nothing lies over the page or pushes it sideways, no link goes elsewhere. */
async function expectHarmless(page: Page, where = page.url()): Promise<void> {
  const found = await page.evaluate(() => {
    const links = [...document.querySelectorAll('a[href]')].map((link) => (link as HTMLAnchorElement).href);
    return {
      ran: 'canary' in globalThis,
      foreign: [
        ...document.querySelectorAll(
          'main :is(script, iframe, object, embed, base, marquee, math, video, audio, style:not([data-mantine-styles]))',
        ),
      ].map(({ outerHTML }) => outerHTML.slice(0, 200)),
      handlers: [...document.querySelectorAll('*')].flatMap((element) =>
        element.getAttributeNames().filter((name) => name.startsWith('on')),
      ),
      links: links.filter((href) => new URL(href).origin !== location.origin),
      wide:
        document.documentElement.scrollWidth <= document.documentElement.clientWidth
          ? []
          : [...document.querySelectorAll('main *')]
              .filter((element) => element.getBoundingClientRect().right > innerWidth)
              .map((element) => element.outerHTML.slice(0, 160)),
      navigation: document.querySelector('nav')?.getBoundingClientRect().width,
    };
  });
  expect(found, where).toEqual({ ran: false, foreign: [], handlers: [], links: [], wide: [], navigation: 208 });
}

/** Each text stands there as it is, without what cannot be seen. */
async function everyText(page: Page, drawn: () => Promise<string>): Promise<void> {
  await expect
    .poll(
      async () => {
        const text = readable(await drawn());
        return hostileTexts.map(readable).filter((one) => !text.includes(one.slice(0, 200)));
      },
      { timeout: 60_000, message: page.url() },
    )
    .toEqual([]);
}

async function allRows(page: Page): Promise<string> {
  const scroller = page.getByRole('grid').getByRole('rowgroup');
  const seen = new Set<string>();
  const height = await scroller.evaluate(({ scrollHeight }) => scrollHeight);
  for (let top = 0; top <= height; top += 300) {
    await scroller.evaluate((element, to) => element.scrollTo({ top: to }), top);
    await page.evaluate(async () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    // `textContent`: cut with dots on the screen, whole in the page.
    for (const text of await page.getByRole('gridcell').allTextContents()) seen.add(text);
  }
  return [...seen].join('\n');
}
