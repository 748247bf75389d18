/**
 * A real browser at a real server: Debian's Chromium, driven by playwright-core.
 *
 * Owns one browser per test and its end. Whatever a page logs as an error or a refused load fails the test that asks for it.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';
import { onTestFinished } from 'vitest';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** `CHROMIUM` names another. */
export function findBrowser(): string | null {
  const named = process.env['CHROMIUM'];
  return [...(named === undefined ? [] : [named]), ...places].find((path) => existsSync(path)) ?? null;
}

export const hasBrowser: boolean = findBrowser() !== null;

export interface BrowserOrder {
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  reducedMotion?: 'reduce' | 'no-preference';
  /** Address of a proxy for everything, this machine's own servers too. */
  proxy?: string;
}

export interface OpenedBrowser {
  context: BrowserContext;
  page: Page;
  /** What pages told as errors so far: thrown ones, logged ones, loads that the content policy refused. */
  faults: readonly string[];
}

/** Opens an empty browser; gone with the test. */
export async function openBrowser(order: BrowserOrder = {}): Promise<OpenedBrowser> {
  const executablePath = findBrowser();
  if (executablePath === null) throw new Error('no Chromium is here');
  const directory = mkdtempSync(join(tmpdir(), 'orbit-browser-'));
  const { width = 1_440, height = 900, colorScheme = 'light', reducedMotion = 'reduce', proxy } = order;
  const context = await chromium.launchPersistentContext(directory, {
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-dev-shm-usage'],
    viewport: { width, height },
    colorScheme,
    reducedMotion,
    ...(proxy === undefined ? {} : { proxy: { server: proxy, bypass: '<-loopback>' } }),
  });
  onTestFinished(async () => {
    await context.close();
    rmSync(directory, { recursive: true, force: true });
  });
  const faults: string[] = [];
  const listen = (page: Page): void => {
    page.on('pageerror', (error) => faults.push(`thrown: ${error.message}`));
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(`logged: ${message.text()}`);
    });
  };
  const page = context.pages()[0] ?? (await context.newPage());
  listen(page);
  context.on('page', listen);
  return { context, page, faults };
}
