/** What tests do on the dashboard as a person would: sign in, open a view, press, fill in, read what was told. */
import type { Locator, Page } from 'playwright-core';
import type { ServedApi } from '../support/api.ts';

/** Only what hangs ends by this. */
export const patient = { timeout: 90_000 } as const;

/** Signs in with the link and waits for the first view. */
export async function signIn(page: Page, api: ServedApi): Promise<void> {
  page.setDefaultTimeout(patient.timeout);
  await page.goto(api.link);
  await heading(page, 'Inbox').waitFor();
}

/** Opens an address of the dashboard as somebody who follows a link, and waits until its answer stands there. */
export async function open(page: Page, path: string): Promise<void> {
  await page.goto(new URL(path, page.url()).href);
  await settled(page);
}

/** Waits until the view stands there and waits for no answer. */
export async function settled(page: Page): Promise<void> {
  await page.locator('main h1').waitFor();
  await page.waitForFunction(() => document.querySelector('main [aria-busy]') === null);
}

export function heading(page: Page, name: string | RegExp): Locator {
  return page.getByRole('heading', { level: 1, name });
}

/** A matter of the inbox. */
export function matter(page: Page, words: string): Locator {
  return page.locator('main li[aria-label]').filter({ hasText: words });
}

/** Presses a button of that exact name. */
export async function press(where: Page | Locator, name: string | RegExp): Promise<void> {
  await where.getByRole('button', typeof name === 'string' ? { name, exact: true } : { name }).click();
}

/** Answers the dialog that stands open: the words, then its button. */
export async function answerDialog(page: Page, { words, button }: { words?: string; button: string }): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.waitFor();
  if (words !== undefined) await dialog.getByRole('textbox').first().fill(words);
  await press(dialog, button);
  await dialog.waitFor({ state: 'detached' });
}

/** The note that a deed was done or refused. */
export function told(page: Page, words: string | RegExp): Locator {
  return page.getByRole('alert').filter({ hasText: words });
}

/** Leaves a mark in the page that a load takes away; {@link isMarked} tells whether it is still the same page. */
export async function mark(page: Page): Promise<void> {
  await page.evaluate(() => void ((globalThis as { marked?: boolean }).marked = true));
}

export async function isMarked(page: Page): Promise<boolean> {
  return page.evaluate(() => (globalThis as { marked?: boolean }).marked === true);
}
