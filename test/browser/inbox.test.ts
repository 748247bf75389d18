/** What a person decides in the inbox, and what became of it in the log. Needs a build. */
import { describe, expect, test } from 'vitest';
import { hasBrowser, openBrowser } from './browser.ts';
import { answerDialog, matter, open, press, signIn, told } from './page.ts';
import { lastEvent, logged, openStage, until, type Stage } from './stage.ts';

interface Approved {
  task: string;
  tree: string;
}

describe.skipIf(!hasBrowser)('the inbox of the dashboard', () => {
  test('D7 P2 P8 I17 each matter is answered where it stands, with its effect in the store', async () => {
    const stage = await openStage();
    const { page, faults } = await openBrowser();
    await signIn(page, stage.api);
    const since = await lastEvent(stage);

    // A question: the answer reaches the next attempt as advice.
    const question = matter(page, 'T002');
    await question.getByRole('textbox', { name: 'Answer to T002' }).fill('SQLite, it needs no server');
    await press(question, 'Answer');
    const retried = await logged(stage, { since, type: 'task-retried', task: 'T002' });
    expect(retried.data['advice']).toBe('SQLite, it needs no server');
    expect(retried.actor).toMatch(/^person/);
    await question.waitFor({ state: 'detached' });

    // An approval is bound to the tree that stands beside it.
    const { items } = await stage.ask<{ items: Approved[] }>('/api/approvals');
    const tree = items.find(({ task }) => task === 'T005')?.tree ?? '';
    const approval = matter(page, 'T005');
    expect(await approval.textContent()).toContain(tree.slice(0, 12));
    await press(approval, 'Approve');
    expect((await logged(stage, { since, type: 'work-approved', task: 'T005' })).data['tree']).toBe(tree);
    await logged(stage, { since, type: 'task-landed', task: 'T005' });

    // A wish for more paths: no, with the reason.
    await press(matter(page, 'T007'), 'Deny…');
    await answerDialog(page, { words: 'docs/settings.md is written by hand', button: 'Deny' });
    expect((await logged(stage, { since, type: 'widening-denied', task: 'T007' })).data['reason']).toBe(
      'docs/settings.md is written by hand',
    );

    // A failure goes to another agent, with advice.
    await press(matter(page, 'T004'), 'Other agent…');
    await page.getByRole('menuitem', { name: /^demo/ }).click();
    await answerDialog(page, { words: 'compare with the old output', button: 'Give to demo' });
    expect((await logged(stage, { since, type: 'task-retried', task: 'T004' })).data['advice']).toBe(
      'compare with the old output',
    );
    await logged(stage, { since, type: 'task-landed', task: 'T004' });

    const message = matter(page, 'The example in the README');
    await press(message, 'Acknowledge');
    await logged(stage, { since, type: 'message-acknowledged' });
    await page.getByRole('heading', { name: /Nothing needs you/ }).waitFor();
    await until(async () => (await openMatters(stage)) === 0, 'the inbox of the store is not empty');
    expect(faults).toEqual([]);
  });

  test('D7 P2 P8 work is sent back from its diff, a wish granted, tasks closed and cancelled', async () => {
    const stage = await openStage();
    const { page, faults } = await openBrowser();
    await signIn(page, stage.api);
    const since = await lastEvent(stage);
    await matter(page, 'T005').getByRole('link', { name: 'Read the diff' }).click();
    await page.getByText('runs-on').waitFor();
    await press(page, 'Send back…');
    await answerDialog(page, { words: 'not on every push', button: 'Send back' });
    await told(page, 'T005 was sent back').waitFor();
    await logged(stage, { since, type: 'landing-bounced', task: 'T005' });
    await logged(stage, { since, type: 'attempt-prepared', task: 'T005' });
    // The second attempt lands without a word, as it carries no risk.
    await logged(stage, { since, type: 'task-landed', task: 'T005' });
    await page.locator('main').getByText('landed', { exact: true }).waitFor();

    await open(page, '/');
    await press(matter(page, 'T007'), 'Grant');
    const granted = await logged(stage, { since, type: 'scope-widened', task: 'T007' });
    expect(granted.data).toMatchObject({ entries: ['docs/settings.md'], byPerson: true });
    await press(matter(page, 'T004'), 'Close as done…');
    await answerDialog(page, { words: 'nobody uses the old one', button: 'Close as done' });
    expect((await logged(stage, { since, type: 'task-closed', task: 'T004' })).data).toMatchObject({
      as: 'completed',
      why: 'nobody uses the old one',
    });
    await press(matter(page, 'T002'), 'Cancel the task…');
    await answerDialog(page, { words: 'no database after all', button: 'Cancel the task' });
    expect((await logged(stage, { since, type: 'task-closed', task: 'T002' })).data).toMatchObject({ as: 'cancelled' });
    expect(faults).toEqual([]);
  });

  test('D7 I17 what the rules refuse is shown with code, reason and hint, and changes nothing', async () => {
    const stage = await openStage();
    const { page } = await openBrowser();
    await signIn(page, stage.api);
    await press(matter(page, 'T004'), 'Try again…');
    await page.getByRole('dialog').waitFor();
    // Meanwhile somebody else has cancelled it.
    expect((await stage.project.orbit('cancel', 'T004', '--reason', 'another way was found')).code).toBe(0);
    const since = await lastEvent(stage);
    const response = page.waitForResponse((answer) => answer.url().endsWith('/actions'));
    await answerDialog(page, { words: 'once more', button: 'Try again' });
    const refused = await response;
    expect(refused.status()).toBe(409);
    const { code, detail, hint } = (await refused.json()) as Record<'code' | 'detail' | 'hint', string>;
    const note = told(page, code);
    await note.waitFor();
    for (const words of [code, detail, hint, 'orbit retry 001/T004']) expect(await note.textContent()).toContain(words);
    const { events } = await stage.ask<{ events: { task: string | null }[] }>(`/api/events?since=${since}`);
    expect(events.filter(({ task }) => task === 'T004')).toEqual([]);
  });
});

async function openMatters({ ask }: Stage): Promise<number> {
  return (await ask<{ items: unknown[] }>('/api/inbox')).items.length;
}
