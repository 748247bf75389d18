/** The dashboard when the server goes and comes back, when tabs share its stream, and when the machine slept. Needs a build. */
import { createServer, request as send, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serveApi, type ServedApi } from '../support/api.ts';
import { makeProject, type Project } from '../support/e2e.ts';
import { planText } from '../support/orbit-project.ts';
import { hasBrowser, openBrowser } from './browser.ts';
import { isMarked, mark, open, signIn } from './page.ts';
import { until } from './stage.ts';

async function served(): Promise<{ project: Project; api: ServedApi }> {
  const project = await makeProject({ plan: planText('T1', 'T2: T1'), settings: {} });
  await project.orbit('list');
  return { project, api: await serveApi(project) };
}

async function create(project: Project, title: string): Promise<void> {
  expect((await project.orbit('create', '--plan', '001', '--title', title)).code).toBe(0);
}

const shows = async (page: Page, title: string): Promise<void> => page.locator('main').getByText(title).waitFor();

describe.skipIf(!hasBrowser)('the stream of the dashboard', () => {
  test('C3 E7 a page says that the server is gone, comes back by itself, and misses nothing', async () => {
    const { project, api } = await served();
    const { page } = await openBrowser();
    await signIn(page, api);
    await open(page, '/tasks');
    await mark(page);
    const banner = page.getByText('The server is not heard.');
    const { port } = new URL(api.url);
    let current = api;
    for (const [round, end] of [
      ['in order', 'close'],
      ['by force', 'kill'],
    ] as const) {
      await create(project, `Seen before it ended ${round}`);
      await shows(page, `Seen before it ended ${round}`);
      await current[end]();
      await banner.waitFor();
      await create(project, `Happened while it was gone ${round}`);
      current = await serveApi(project, ['--port', port]);
      expect(current.url).toBe(api.url);
      await banner.waitFor({ state: 'detached' });
      await shows(page, `Happened while it was gone ${round}`);
      await create(project, `Live again ${round}`);
      await shows(page, `Live again ${round}`);
    }
    expect(await isMarked(page)).toBe(true);
  });

  test('E7 tabs share one stream, and the next goes on with it when its holder closes', async () => {
    const { project, api } = await served();
    const { page, context, faults } = await openBrowser();
    const streams = new Set<unknown>();
    const count = (tab: Page): void => {
      tab.on('request', (request) => {
        if (new URL(request.url()).pathname === '/api/stream') streams.add(request);
      });
      const over = (request: unknown): void => void streams.delete(request);
      tab.on('requestfinished', over);
      tab.on('requestfailed', over);
      tab.on('close', () => streams.clear());
    };
    count(page);
    await signIn(page, api);
    await open(page, '/tasks');
    await until(() => streams.size === 1, 'the first tab holds no stream');
    const others = [await context.newPage(), await context.newPage()];
    for (const other of others) {
      count(other);
      await other.goto(`${api.url}/tasks`);
      await shows(other, 'Task T1');
    }
    await create(project, 'Seen in all tabs');
    for (const tab of [page, ...others]) await shows(tab, 'Seen in all tabs');
    expect(streams.size).toBe(1);
    await page.close();
    await until(() => streams.size === 1, 'no other tab took the stream');
    await create(project, 'Seen after the first tab closed');
    for (const tab of others) await shows(tab, 'Seen after the first tab closed');
    expect(streams.size).toBe(1);
    expect(faults).toEqual([]);
  });

  test('C3 a machine that slept while its line broke in silence takes everything anew, and is live again', async () => {
    const { project, api } = await served();
    const line = await openLine();
    const { page } = await openBrowser({ proxy: line.address });
    await signIn(page, api);
    await open(page, '/tasks');
    await mark(page);
    await create(project, 'Seen before it slept');
    await shows(page, 'Seen before it slept');
    const session = await page.context().newCDPSession(page);
    await session.send('Page.setWebLifecycleState', { state: 'frozen' });
    // As after a night: what was connected says nothing any more, and does not end either.
    line.fallSilent();
    await create(project, 'Happened in its sleep');
    await session.send('Page.setWebLifecycleState', { state: 'active' });
    await page.evaluate(() => {
      const real = Date.now.bind(Date);
      Date.now = () => real() + 3_600_000;
    });
    await shows(page, 'Happened in its sleep');
    await create(project, 'Happened when it was awake');
    await shows(page, 'Happened when it was awake');
    expect(await isMarked(page)).toBe(true);
  });
});

interface Line {
  address: string;
  /** What is being answered now is not answered further. */
  fallSilent: () => void;
}

/** A proxy between browser and server that can fall silent. */
async function openLine(): Promise<Line> {
  const answers = new Set<ServerResponse>();
  const silent = new WeakSet<ServerResponse>();
  const server = createServer((request, response) => {
    answers.add(response);
    response.on('close', () => answers.delete(response));
    const { method = 'GET', headers, url = '' } = request;
    const onward = send(url, { method, headers, agent: false }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.on('data', (bytes: Buffer) => !silent.has(response) && response.write(bytes));
      answer.on('end', () => !silent.has(response) && response.end());
      answer.on('error', () => response.destroy());
    });
    onward.on('error', () => response.destroy());
    response.on('close', () => onward.destroy());
    request.pipe(onward);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => (server.closeAllConnections(), void server.close()));
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    fallSilent: () => answers.forEach((response) => silent.add(response)),
  };
}
