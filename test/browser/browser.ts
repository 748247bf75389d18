/**
 * A real browser at a real server, for one test.
 *
 * Owns its end. Whatever a page logs as an error or a refused load fails the test that asks for it.
 */
import { onTestFinished } from 'vitest';
import { findBrowser, launchBrowser, type BrowserOrder, type LaunchedBrowser } from './launch.ts';

export const hasBrowser: boolean = findBrowser() !== null;

/** Opens an empty browser; gone with the test. */
export async function openBrowser(order: BrowserOrder = {}): Promise<LaunchedBrowser> {
  const browser = await launchBrowser(order);
  onTestFinished(browser.close);
  return browser;
}
