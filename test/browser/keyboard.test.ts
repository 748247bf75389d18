/** The dashboard without a mouse, for readers of screens, and on a phone. Needs a build. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { patience } from '../support/e2e.ts';
import { hasBrowser, openBrowser } from './browser.ts';
import { heading, open, press, settled, signIn } from './page.ts';
import { lastEvent, logged, openStage, until } from './stage.ts';

/** Each place of the dashboard, with what stands open in it. */
const places = (token: number): string[] => [
  '/',
  '/tasks',
  '/tasks/001/T003',
  '/tasks/001/T005',
  '/tasks/001/T005/change',
  '/tasks/001/T005/change?view=split',
  `/attempts/${token}`,
  `/attempts/${token}?tab=output`,
  '/agents',
  '/health',
  '/graph',
  '/graph?sel=001%2FT006',
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
  '/nowhere',
];

describe.skipIf(!hasBrowser)('the dashboard for everybody', () => {
  test('D7 by keyboard alone: sign in, go through the inbox, answer, open a task, run a command', async () => {
    const stage = await openStage();
    const { page, faults } = await openBrowser();
    await signIn(page, stage.api);
    const since = await lastEvent(stage);

    // The first stop of the keyboard leads past the navigation.
    await page.keyboard.press('Tab');
    await expectFocus(page, 'Skip to the view');
    await page.keyboard.press('Enter');
    await until(async () => page.evaluate(() => document.activeElement?.id === 'main'), 'the view has no focus');

    // From matter to matter until the question, its answer box, the answer.
    for (let steps = 0; !(await focusText(page)).includes('Choose a database'); steps += 1) {
      expect(steps).toBeLessThan(10);
      await page.keyboard.press('j');
      await expectFocus(page);
    }
    await page.keyboard.press('a');
    await page.keyboard.type('SQLite');
    await page.keyboard.press('Control+Enter');
    expect((await logged(stage, { since, type: 'task-retried', task: 'T002' })).data['advice']).toBe('SQLite');

    // Every stop of Tab on the page can be seen.
    await page.locator('main').focus();
    for (let stop = 0; stop < 25; stop += 1) {
      await page.keyboard.press('Tab');
      await expectFocus(page);
    }

    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.locator('[placeholder="What do you want to do?"]:focus').waitFor();
    await page.keyboard.type('tasks');
    await page.keyboard.press('Enter');
    await heading(page, 'Tasks').waitFor();
    await page.getByRole('grid').focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await heading(page, /^T00/).waitFor();
    await page.goBack();
    await heading(page, 'Tasks').waitFor();

    // The graph by arrows, to a task and into it.
    await page.keyboard.press('g');
    await page.keyboard.press('g');
    await page.getByRole('application', { name: /Graph of tasks/ }).focus();
    await page.keyboard.press('ArrowRight');
    await until(() => new URL(page.url()).searchParams.has('sel'), 'no node is chosen');
    await page.keyboard.press('Enter');
    await heading(page, /^T0/).waitFor();
    expect(faults).toEqual([]);
  });

  test.each(['light', 'dark'] as const)(
    'D7 every view, dialog and menu passes the rules of accessibility, %s',
    patience,
    async (colorScheme) => {
      const stage = await openStage();
      const { page } = await openBrowser({ colorScheme });
      await signIn(page, stage.api);
      const { items } = await stage.ask<{ items: { token: number; task: string }[] }>('/api/attempts');
      const token = items.find(({ task }) => task === 'T003')?.token ?? 0;
      const found: string[] = [];
      for (const path of places(token)) {
        await open(page, path);
        found.push(...(await violations(page, path)));
      }
      await open(page, '/tasks/001/T004');
      for (const [name, show] of Object.entries({
        keys: async () => page.keyboard.press('?'),
        palette: async () => page.keyboard.press('Control+k'),
        question: async () => press(page, 'Cancel…'),
        edit: async () => press(page, 'Edit…'),
      })) {
        await show();
        await page.getByRole('dialog').waitFor();
        found.push(...(await violations(page, name)));
        await page.keyboard.press('Escape');
        await page.getByRole('dialog').waitFor({ state: 'detached' });
      }
      await press(page, 'Other agent…');
      await page.getByRole('menu').waitFor();
      found.push(...(await violations(page, 'menu')));
      expect(found).toEqual([]);
    },
  );

  test('D7 on a phone the inbox is read and answered without scrolling sideways', async () => {
    const stage = await openStage();
    const { page, faults } = await openBrowser({ width: 390, height: 844 });
    await signIn(page, stage.api);
    const since = await lastEvent(stage);
    await settled(page);
    await page.getByText('Port the old parser').waitFor();
    for (const path of [
      '/',
      '/tasks',
      '/tasks/001/T005',
      '/tasks/001/T005/change',
      '/agents',
      '/landing',
      '/messages',
    ]) {
      await open(page, path);
      expect(await sideways(page), path).toEqual([]);
    }
    await open(page, '/');
    for (const button of await page.locator('main').getByRole('button').all()) {
      const box = await button.boundingBox();
      if (box === null) continue;
      expect(box.x, await button.innerText()).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width, await button.innerText()).toBeLessThanOrEqual(390);
    }
    await page.locator('main li').filter({ hasText: 'T005' }).getByRole('button', { name: 'Approve' }).click();
    await logged(stage, { since, type: 'work-approved', task: 'T005' });
    await page.getByRole('button', { name: 'Navigation' }).click();
    await page.getByRole('link', { name: 'Agents' }).click();
    await heading(page, 'Agents').waitFor();
    expect(faults).toEqual([]);
  });
});

/** What is focused stands in view and is marked by an outline, a shadow or its ground. */
async function expectFocus(page: Page, text = ''): Promise<void> {
  const found = await page.evaluate(async () => {
    await new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)));
    const element = document.activeElement;
    if (!(element instanceof HTMLElement) || element === document.body) return null;
    const box = element.getBoundingClientRect();
    const { outlineStyle, boxShadow, borderColor } = getComputedStyle(element);
    element.blur();
    const without = getComputedStyle(element);
    const isMarked = outlineStyle !== 'none' || boxShadow !== without.boxShadow || borderColor !== without.borderColor;
    element.focus({ preventScroll: true });
    const isSeen = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    return { what: element.outerHTML.slice(0, 160), words: element.textContent, isMarked, isSeen };
  });
  expect(found, JSON.stringify(found)).toMatchObject({ isMarked: true, isSeen: true });
  expect(found?.words ?? '').toContain(text);
}

/** What the focused matter says; empty elsewhere. */
async function focusText(page: Page): Promise<string> {
  return page.evaluate(() => (document.activeElement?.tagName === 'LI' ? document.activeElement.textContent : ''));
}

async function violations(page: Page, where: string): Promise<string[]> {
  const { violations: all } = await new AxeBuilder({ page }).analyze();
  return all
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(
      ({ id, nodes }) =>
        `${where}: ${id}: ${nodes
          .map(({ html }) => html.slice(0, 120))
          .join(' | ')
          .slice(0, 400)}`,
    );
}

/** Elements that push the page wider than the window. */
async function sideways(page: Page): Promise<string[]> {
  return page.evaluate(() =>
    document.documentElement.scrollWidth <= document.documentElement.clientWidth
      ? []
      : [...document.querySelectorAll('main *')]
          .filter((element) => element.getBoundingClientRect().right > innerWidth)
          .map((element) => element.outerHTML.slice(0, 160)),
  );
}
