/** Every view on a run in the middle of its work: it opens, stays true by itself, and comes back where it was. Needs a build. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { describe, expect, test } from 'vitest';
import { hasBrowser, openBrowser } from './browser.ts';
import { isMarked, mark, open, patient, signIn } from './page.ts';
import { openStage, until, type Stage } from './stage.ts';

interface Visit {
  name: string;
  /** With state of the view in it, which a reload must keep. */
  path: string;
  /** Stands there at first. */
  before: (page: Page) => Promise<unknown>;
  change: (stage: Stage) => Promise<unknown>;
  /** Stands there after the change, and after a reload. */
  after: (page: Page) => Promise<unknown>;
}

const seen =
  (words: string | RegExp) =>
  async (page: Page): Promise<void> =>
    page.locator('main').getByText(words).first().waitFor();
const gone =
  (words: string) =>
  async (page: Page): Promise<void> => {
    await until(async () => (await page.locator('main').getByText(words).count()) === 0, `${words} is still there`);
  };
const act =
  (task: string, body: Readonly<Record<string, unknown>>) =>
  async ({ api }: Stage): Promise<void> => {
    const answer = await api.call('POST', `/api/tasks/001/${task}/actions`, { body });
    expect(answer.status, answer.text).toBe(200);
  };
const orbit =
  (...args: readonly string[]) =>
  async ({ project }: Stage): Promise<void> => {
    const answer = await project.orbit(...args);
    expect(answer.code, answer.stderr).toBe(0);
  };
const pressed =
  (name: string) =>
  async (page: Page): Promise<void> =>
    page.getByRole('button', { name, pressed: true }).waitFor();

const visits = (token: number): Visit[] => [
  {
    name: 'inbox',
    path: '/?kind=message',
    before: seen('The example in the README contradicts the plan.'),
    change: orbit('send', 'person', 'A second thing is unclear.'),
    after: seen('A second thing is unclear.'),
  },
  {
    name: 'tasks',
    path: '/tasks?q=state%3Ablocked%2Cwaiting&sort=-id',
    before: seen('3 of 10 tasks'),
    change: orbit('create', '--plan', '001', '--title', 'Forget what was stored', '--needs', 'T010'),
    after: async (page) => {
      await seen('4 of 11 tasks')(page);
      await page.locator('main').getByText('Forget what was stored').waitFor();
    },
  },
  {
    name: 'task',
    path: '/tasks/001/T010',
    before: seen('What is asked'),
    change: act('T010', { action: 'hold', why: 'not before the release' }),
    after: seen('not before the release'),
  },
  {
    name: 'graph',
    path: '/graph?find=T0',
    before: async (page) => {
      await page.locator('[data-status=needs-you]').first().waitFor();
      await until(
        async () => (await page.locator('.react-flow__edge-path').count()) > 0,
        'lines join tasks with what they need',
      );
    },
    change: act('T010', { action: 'resume' }),
    after: async (page) => page.locator('[data-status=blocked]').filter({ hasText: 'T010' }).waitFor(),
  },
  {
    name: 'graph as a table',
    path: '/graph?as=table&by=agent',
    before: seen('Search what was stored'),
    change: act('T010', { action: 'hold', why: 'again' }),
    after: async (page) => page.locator('tr', { hasText: 'T010' }).getByText('waiting').waitFor(),
  },
  {
    name: 'agents',
    path: '/agents',
    before: seen('now: Refuse unknown keys'),
    change: act('T003', { action: 'nudge', text: 'unknown keys are refused' }),
    after: seen('Understood: unknown keys are refused.'),
  },
  {
    name: 'attempt',
    path: `/attempts/${token}?show=words`,
    before: seen('I read what is there first.'),
    change: act('T003', { action: 'nudge', text: 'the tests come first' }),
    after: seen('the tests come first'),
  },
  {
    name: 'scope',
    path: '/scope?plan=001',
    before: seen('it is explained there'),
    change: act('T007', { action: 'grant-scope' }),
    after: gone('it is explained there'),
  },
  {
    name: 'messages',
    path: '/messages?from=demo-3&to=person',
    before: seen('The example in the README contradicts the plan.'),
    change: async ({ api, ask }) => {
      const { items } = await ask<{ items: { id: string; text: string }[] }>('/api/messages?all=true');
      const ids = items.filter(({ text }) => text.startsWith('The example')).map(({ id }) => id);
      expect((await api.call('POST', '/api/messages/acknowledge', { body: { ids } })).status).toBeLessThan(300);
    },
    after: gone('I have read it'),
  },
  {
    name: 'costs',
    path: '/costs?plan=001',
    before: seen('By agent'),
    change: act('T004', { action: 'reassign', agent: 'demo', advice: 'compare with the old output' }),
    after: async (page) =>
      page.getByRole('region', { name: 'Tasks, the dearest first' }).getByText('2').first().waitFor(),
  },
  {
    name: 'landing',
    path: '/landing?plan=001',
    before: seen('What has landed'),
    change: async () => undefined,
    after: async (page) =>
      page
        .getByRole('region', { name: /Steps of the target/ })
        .getByText('T004')
        .waitFor(),
  },
  {
    name: 'timeline',
    path: '/timeline?as=table',
    before: seen('T008'),
    change: async (stage) => {
      await act('T008', { action: 'nudge', text: 'finish' })(stage);
    },
    after: async (page) =>
      page
        .locator('tr', { hasText: 'T008' })
        .getByText(/done|landed/)
        .first()
        .waitFor(),
  },
  {
    name: 'events',
    path: '/events?plan=all&find=decision',
    before: seen(/^0 of \d+ events/),
    change: orbit('note', 'A finding more', 'that is told', '--kind', 'decision'),
    after: seen('finding-noted'),
  },
  {
    name: 'change',
    path: '/tasks/001/T005/change?view=split',
    before: async (page) => {
      await pressed('split')(page);
      await seen('runs-on')(page);
      await page.getByRole('button', { name: 'Approve this tree' }).waitFor();
    },
    change: act('T005', { action: 'reject', reason: 'without the secrets', close: true }),
    after: async (page) => {
      await pressed('split')(page);
      await seen('cancelled')(page);
    },
  },
  {
    name: 'health',
    path: '/health',
    before: seen(/process \d+ on .* leads/),
    change: async ({ run }) => {
      run.signal('SIGTERM');
      await run.ended;
    },
    after: seen(/nobody/),
  },
];

describe.skipIf(!hasBrowser)('the views of the dashboard', () => {
  test('D7 D11 P9 S1 each opens, follows what happens without a reload, and comes back where it was', async () => {
    const stage = await openStage();
    const { page, faults } = await openBrowser();
    await signIn(page, stage.api);
    const { items } = await stage.ask<{ items: { token: number; task: string }[] }>('/api/attempts');
    const token = items.find(({ task }) => task === 'T003')?.token ?? 0;
    for (const { name, path, before, change, after } of visits(token)) {
      try {
        await open(page, path);
        await mark(page);
        await before(page);
        await change(stage);
        await after(page);
        expect(await isMarked(page), 'the page was loaded anew').toBe(true);
        const place = page.url();
        await page.reload();
        await after(page);
        expect(page.url()).toBe(place);
        await picture(page, name);
        expect(faults).toEqual([]);
      } catch (error) {
        throw new Error(`${name}: ${String(error)}\n${await page.locator('main').ariaSnapshot()}`, { cause: error });
      }
    }
  });
});

/** Where somebody wants to look at the views, `ORBIT_PICTURES` names a directory. */
async function picture(page: Page, name: string): Promise<void> {
  const directory = process.env['ORBIT_PICTURES'];
  if (directory === undefined) return;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
    await page.evaluate(async () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    await page.screenshot({ path: join(directory, `${name.replaceAll(' ', '-')}-${colorScheme}.png`), ...patient });
  }
  await page.emulateMedia({ colorScheme: 'light' });
}
