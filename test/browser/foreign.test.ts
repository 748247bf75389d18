/** A page of another origin, in the browser of somebody who is signed in, tries everything and gets nothing (S1). */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, onTestFinished, test } from 'vitest';
import { serveApi } from '../support/api.ts';
import { makeProject } from '../support/e2e.ts';
import { planText } from '../support/orbit-project.ts';
import { hasBrowser, openBrowser } from './browser.ts';

/** What the hostile page runs; each try tells what it could read or `null`. */
const attack = async (target: string): Promise<Record<string, unknown>> => {
  const tries: Record<string, () => Promise<unknown>> = {
    'read by fetch': async () => (await fetch(`${target}/api/tasks`, { credentials: 'include' })).text(),
    'read without cors': async () =>
      (await fetch(`${target}/api/tasks`, { mode: 'no-cors', credentials: 'include' })).text(),
    'write json': async () =>
      (
        await fetch(`${target}/api/tasks`, {
          method: 'POST',
          credentials: 'include',
          headers: { 'Content-Type': 'application/json' },
          body: '{"title":"hostile","plan":"001"}',
        })
      ).text(),
    'write as text': async () =>
      (
        await fetch(`${target}/api/tasks`, {
          method: 'POST',
          mode: 'no-cors',
          credentials: 'include',
          headers: { 'Content-Type': 'text/plain' },
          body: '{"title":"hostile","plan":"001"}',
        })
      ).text(),
    'write by beacon': async () => (navigator.sendBeacon(`${target}/api/orchestration/pause`, '{}') ? null : null),
    'event stream': async () =>
      new Promise((resolve) => {
        const source = new EventSource(`${target}/api/stream`, { withCredentials: true });
        source.addEventListener('message', (event) => resolve(event.data));
        source.addEventListener('error', () => resolve(null));
      }),
    'web socket': async () =>
      new Promise((resolve) => {
        const socket = new WebSocket(`${target.replace('http', 'ws')}/api/stream`);
        socket.addEventListener('open', () => resolve('open'));
        socket.addEventListener('error', () => resolve(null));
      }),
    script: async () =>
      new Promise((resolve) => {
        const script = document.createElement('script');
        script.src = `${target}/api/tasks`;
        script.addEventListener('load', () => resolve('loaded'));
        script.addEventListener('error', () => resolve(null));
        document.head.append(script);
      }),
    frame: async () =>
      new Promise((resolve) => {
        const frame = document.createElement('iframe');
        frame.src = `${target}/`;
        frame.addEventListener('load', () => {
          const read = (): string => frame.contentDocument?.title ?? '';
          let title = '';
          try {
            title = read();
          } catch {
            title = '';
          }
          resolve(title);
        });
        document.body.append(frame);
      }),
    mcp: async () =>
      (
        await fetch(`${target}/mcp`, {
          method: 'POST',
          credentials: 'include',
          headers: { 'Content-Type': 'application/json', Accept: 'application/json, text/event-stream' },
          body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
        })
      ).text(),
  };
  const found: Record<string, unknown> = {};
  for (const [name, go] of Object.entries(tries)) {
    found[name] = await go().then(
      (value) => (value === '' ? null : value),
      () => null,
    );
  }
  return found;
};

describe.skipIf(!hasBrowser)('a page of another origin', () => {
  test('S1 reads nothing, changes nothing, and cannot frame the dashboard', async () => {
    const project = await makeProject({ plan: planText('T1'), settings: {} });
    await project.orbit('list');
    const api = await serveApi(project);
    const { page, context } = await openBrowser();
    await page.goto(api.link);
    await page.waitForFunction(async () => (await fetch('/api/session')).status === 200);
    const before = (await project.orbit('events', '--json')).stdout;
    for (const host of ['127.0.0.1', 'localhost']) {
      const server = createServer((_request, response) => {
        response.setHeader('Content-Type', 'text/html');
        response.end('<!doctype html><title>Hostile</title><link rel="icon" href="data:,"><body></body>');
      });
      await new Promise<void>((resolve) => server.listen(0, host, resolve));
      onTestFinished(() => void server.close());
      const hostile = await context.newPage();
      await hostile.goto(`http://${host}:${(server.address() as AddressInfo).port}/`);
      const found = await hostile.evaluate(attack, api.url);
      expect(found).toEqual(Object.fromEntries(Object.keys(found).map((name) => [name, null])));
      expect(Object.keys(found).length).toBe(10);
      // A form navigates: what it sends arrives as another type, from another origin.
      await hostile.evaluate((target) => {
        const form = document.createElement('form');
        form.method = 'post';
        form.enctype = 'text/plain';
        form.action = `${target}/api/tasks`;
        const field = document.createElement('input');
        field.name = '{"title":"hostile","x":"';
        field.value = '"}';
        form.append(field);
        document.body.append(form);
        form.submit();
      }, api.url);
      await hostile.waitForURL(`${api.url}/**`);
      expect(await hostile.evaluate(() => document.body.textContent)).toContain('foreign-origin');
    }
    expect((await project.orbit('events', '--json')).stdout).toBe(before);
    expect((await api.call('GET', '/api/tasks')).text).not.toContain('hostile');
  });
});
