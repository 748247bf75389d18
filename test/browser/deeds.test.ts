/** What a person does to tasks, agents, plans and messages on the screen, and what became of it in the log. Needs a build. */
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { hasBrowser, openBrowser } from './browser.ts';
import { answerDialog, heading, open, press, signIn, told } from './page.ts';
import { lastEvent, logged, openStage, until } from './stage.ts';

describe.skipIf(!hasBrowser)('the deeds of the dashboard', () => {
  test('D7 a task is made, edited, held, let go, closed, reopened and cancelled', async () => {
    const stage = await openStage();
    const { page, faults } = await openBrowser();
    await signIn(page, stage.api);
    const since = await lastEvent(stage);

    await open(page, '/tasks');
    await press(page, 'New task…');
    const form = page.getByRole('dialog');
    await form.getByLabel('Title').fill('Forget what was stored');
    await form.getByLabel('What is asked').fill('After a year, all of it.');
    await form.getByLabel('Needs').fill('T010');
    await form.getByLabel('Scope').fill('src/forget/**\nsrc/T011.ts');
    await press(form, 'Make the task');
    await heading(page, /T011 Forget what was stored/).waitFor();
    const made = await logged(stage, { since, type: 'task-created', task: 'T011' });
    expect(made.data['definition']).toMatchObject({
      title: 'Forget what was stored',
      body: 'After a year, all of it.',
      scope: ['src/forget/**', 'src/T011.ts'],
      dependencies: ['001/T010'],
    });

    await press(page, 'Edit…');
    await page.getByRole('dialog').getByLabel('Title').fill('Forget what was stored long ago');
    await page.getByRole('dialog').getByLabel('Priority').fill('7');
    await press(page.getByRole('dialog'), 'Save');
    const edited = await logged(stage, { since, type: 'task-changed', task: 'T011' });
    expect(edited.data['definition']).toMatchObject({ title: 'Forget what was stored long ago', priority: 7 });
    await heading(page, /T011 Forget what was stored long ago/).waitFor();

    await press(page, 'Hold…');
    await answerDialog(page, { words: 'the law may change', button: 'Hold' });
    expect((await logged(stage, { since, type: 'task-held', task: 'T011' })).data['why']).toBe('the law may change');
    await press(page, 'Let go on');
    await logged(stage, { since, type: 'task-unheld', task: 'T011' });
    await press(page, 'Close as done…');
    await answerDialog(page, { words: 'was done by hand', button: 'Close as done' });
    await logged(stage, { since, type: 'task-closed', task: 'T011' });
    await press(page, 'Reopen…');
    await answerDialog(page, { words: 'it was not', button: 'Reopen' });
    expect((await logged(stage, { since, type: 'task-reopened', task: 'T011' })).data['why']).toBe('it was not');
    const before = await lastEvent(stage);
    await press(page, 'Cancel…');
    await answerDialog(page, { words: 'not needed', button: 'Cancel the task' });
    const closed = await logged(stage, { since: before, type: 'task-closed', task: 'T011' });
    expect(closed.data).toMatchObject({ as: 'cancelled', why: 'not needed' });
    expect(faults).toEqual([]);
  });

  test('D7 D3 agents are told, ended and replaced; plans and landing are paused; messages are written', async () => {
    const stage = await openStage();
    const { page, faults } = await openBrowser();
    await signIn(page, stage.api);
    const since = await lastEvent(stage);

    await open(page, '/agents');
    const row = (task: string) => page.locator('main li').filter({ hasText: task });
    await press(row('T003'), 'Tell…');
    await answerDialog(page, { words: 'unknown keys are refused', button: 'Tell' });
    expect((await logged(stage, { since, type: 'agent-hinted', task: 'T003' })).data).toMatchObject({
      by: 'person',
      text: 'unknown keys are refused',
      delivery: 'now',
    });
    await row('T003').getByText('Understood: unknown keys are refused.').waitFor();
    await press(row('T008'), 'End…');
    await answerDialog(page, { words: 'it measures the wrong thing', button: 'End the attempt' });
    await logged(stage, { since, type: 'termination-asked' });
    await logged(stage, { since, type: 'attempt-ended', task: 'T008' });

    await open(page, '/tasks');
    await press(page, 'Pause work…');
    await answerDialog(page, { words: 'the machine is needed', button: 'Pause work' });
    expect((await logged(stage, { since, type: 'plan-paused' })).data['why']).toBe('the machine is needed');
    await press(page, 'Give out work again');
    await logged(stage, { since, type: 'plan-resumed' });
    const then = await lastEvent(stage);
    await open(page, '/landing');
    await press(page, 'Pause landing…');
    await answerDialog(page, { words: 'a release is cut', button: 'Pause landing' });
    expect((await logged(stage, { since: then, type: 'plan-paused' })).data['what']).toBe('landing');
    await press(page, 'Let it land again');
    expect((await logged(stage, { since: then, type: 'plan-resumed' })).data['what']).toBe('landing');

    await open(page, '/messages');
    await press(page, 'Write a message…');
    await page.getByRole('combobox', { name: 'To' }).fill('demo-3');
    await page.getByLabel('About').fill('T003');
    await page.getByLabel('Message').fill('The README is right.');
    await press(page, 'Send');
    await until(
      async () =>
        (await stage.ask<{ items: { text: string }[] }>('/api/messages?to=demo-3&all=true')).items.some(
          ({ text }) => text === 'The README is right.',
        ),
      'the message is not in the store',
    );
    await page.locator('main article').getByText('The README is right.').waitFor();
    await press(page, 'I have read it');
    await logged(stage, { since, type: 'message-acknowledged' });
    expect(faults).toEqual([]);
  });

  test('D7 many tasks are dealt with at once, and what fails of it is told', async () => {
    const stage = await openStage();
    const { page, faults } = await openBrowser();
    await signIn(page, stage.api);
    const since = await lastEvent(stage);
    await open(page, '/tasks?q=state:blocked');
    await page.getByRole('checkbox', { name: 'Select all shown' }).check();
    await page.getByText('3 tasks selected').waitFor();
    await press(page, 'Hold…');
    await answerDialog(page, { words: 'a freeze', button: 'Hold' });
    await told(page, '3 of 3 done').waitFor();
    for (const task of ['T006', 'T009', 'T010'])
      expect((await logged(stage, { since, type: 'task-held', task })).data['why']).toBe('a freeze');

    // One of the chosen cannot be tried again: it is told which, and the other is.
    await open(page, '/tasks?q=T004');
    await page.getByRole('checkbox', { name: 'Select T004' }).check();
    await page.getByRole('searchbox', { name: 'Query' }).fill('layer:1');
    await page.getByRole('checkbox', { name: 'Select T001' }).check();
    await press(page, 'Try again…');
    await answerDialog(page, { button: 'Try again' });
    const note = told(page, '1 of 2 done');
    await note.waitFor();
    expect(await note.textContent()).toMatch(/T001.*\([a-z-]+\)/);
    await logged(stage, { since, type: 'task-retried', task: 'T004' });
    expect(faults.filter((fault) => !fault.includes('409'))).toEqual([]);
  });

  test('D7 keys and palette: every view, the list, the query box, the help', async () => {
    const stage = await openStage();
    const { page, faults } = await openBrowser();
    await signIn(page, stage.api);
    const since = await lastEvent(stage);
    for (const [keys, title] of [
      ['gt', 'Tasks'],
      ['ga', 'Agents'],
      ['gh', 'Health'],
      ['gg', 'Graph'],
      ['gl', 'Time line'],
      ['gq', 'Landing'],
      ['gs', 'Scope'],
      ['gm', 'Messages'],
      ['gc', 'Costs'],
      ['ge', 'Events'],
      ['gi', 'Inbox'],
    ] as const) {
      await type(page, keys);
      await heading(page, title).waitFor();
    }
    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys' }).getByText('Next item').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });

    await type(page, 'gt');
    await heading(page, 'Tasks').waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type('state:blocked T010');
    await page.getByText('1 of 10 tasks').waitFor();
    await page.keyboard.press('Escape');
    await type(page, 'jx');
    await page.getByText('1 task selected').waitFor();
    await page.keyboard.press('o');
    await heading(page, /T010/).waitFor();
    await page.keyboard.press('Control+k');
    await page.locator('[placeholder="What do you want to do?"]:focus').waitFor();
    await page.keyboard.type('hold');
    await page.locator('[data-selected]', { hasText: 'Hold: T010' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByLabel('Why').waitFor();
    await page.keyboard.type('by keys alone');
    await page.keyboard.press('Control+Enter');
    expect((await logged(stage, { since, type: 'task-held', task: 'T010' })).data['why']).toBe('by keys alone');
    expect(faults).toEqual([]);
  });
});

async function type(page: Page, keys: string): Promise<void> {
  for (const key of keys) await page.keyboard.press(key);
}
