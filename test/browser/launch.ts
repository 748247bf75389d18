/**
 * A real browser: Debian's Chromium, driven by playwright-core. For whoever ends it themselves; tests use `browser.ts`.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from 'playwright-core';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** `CHROMIUM` names another. */
export function findBrowser(): string | null {
  const named = process.env['CHROMIUM'];
  return [...(named === undefined ? [] : [named]), ...places].find((path) => existsSync(path)) ?? null;
}

export interface BrowserOrder {
  width?: number;
  height?: number;
  colorScheme?: 'light' | 'dark';
  reducedMotion?: 'reduce' | 'no-preference';
  /** Address of a proxy for everything, this machine's own servers too. */
  proxy?: string;
}

export interface LaunchedBrowser {
  context: BrowserContext;
  page: Page;
  /** What pages told as errors so far: thrown ones, logged ones, loads that the content policy refused. */
  faults: readonly string[];
  close: () => Promise<void>;
}

/** Starts an empty browser. Throws where none is. */
export async function launchBrowser(order: BrowserOrder = {}): Promise<LaunchedBrowser> {
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
  const close = async (): Promise<void> => {
    await context.close();
    rmSync(directory, { recursive: true, force: true });
  };
  return { context, page, faults, close };
}
