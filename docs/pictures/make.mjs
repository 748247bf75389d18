/**
 * Makes the pictures of the README from a real run: `npm run pictures` (after a build; needs Chromium).
 *
 * The demo works in a throw-away repository; in the middle of it the dashboard's graph is photographed, and `orbit watch --once` is set
 * in a monospaced face as a terminal shows it; at its end the inbox. Nothing in the pictures is drawn by hand.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { chromium } from 'playwright-core';

const here = dirname(fileURLToPath(import.meta.url));
const orbit = join(here, '../../dist/orbit.cjs');
const executablePath = process.env.CHROMIUM ?? '/usr/bin/chromium';
const scratch = mkdtempSync(join(tmpdir(), 'orbit-pictures-'));
const project = join(scratch, 'text-toolkit');
const environment = { ...process.env, NO_COLOR: '', FORCE_COLOR: '1', LANG: 'C.UTF-8' };
const run = promisify(execFile);

/** Landed tasks at which the run looks like most of it: some done, some at work, some waiting. */
const landedWanted = 9;

const demo = spawn(process.execPath, [orbit, 'demo', project], { stdio: 'ignore' });
const ended = new Promise((resolve) => demo.once('exit', resolve));
while (!existsSync(join(project, '.git/orbit/orbit.db'))) await pause(100);
const server = spawn(process.execPath, [orbit, 'serve', '--json', '--port', '0'], {
  cwd: project,
  stdio: ['ignore', 'pipe', 'ignore'],
});
const { link, url, token } = JSON.parse(
  await new Promise((resolve) => server.stdout.once('data', (bytes) => resolve(String(bytes)))),
);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
try {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 760 },
    colorScheme: 'light',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(link);
  await page.waitForURL(`${url}/`);
  await page.goto(`${url}/graph`);
  await until(async () => (await overview()).counts.landed >= landedWanted);
  const [board] = await Promise.all([
    run(process.execPath, [orbit, 'watch', '--once'], { cwd: project, env: { ...environment, COLUMNS: '118' } }),
    page.screenshot({ path: join(here, 'dashboard.png') }),
  ]);
  await terminalPicture(context, board.stdout);
  await ended;
  await page.goto(`${url}/`);
  await page.getByRole('heading', { name: 'Inbox' }).waitFor();
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.screenshot({ path: join(here, 'inbox.png') });
} finally {
  await browser.close();
  server.kill('SIGTERM');
  await ended;
  rmSync(scratch, { recursive: true, force: true });
}

async function overview() {
  const answer = await fetch(`${url}/api/overview`, { headers: { Authorization: `Bearer ${token}` } });
  return answer.json();
}

/** The text as a terminal of that width shows it. */
async function terminalPicture(context, text) {
  const page = await context.newPage();
  await page.setContent(
    '<body style="margin:0;background:#16181d"><pre id="t" style="margin:0;padding:18px 20px;display:inline-block;font:14px/1.35 DejaVu Sans Mono,monospace;color:#d7dae0"></pre></body>',
  );
  await page.evaluate((lines) => {
    const place = document.getElementById('t');
    const styles = {
      1: 'font-weight:bold',
      2: 'opacity:.62',
      31: 'color:#ff7b72',
      32: 'color:#7ee787',
      33: 'color:#e3b341',
      34: 'color:#79c0ff',
      35: 'color:#d2a8ff',
      36: 'color:#76e3ea',
      7: 'background:#d7dae0;color:#16181d',
    };
    // oxlint-disable-next-line no-control-regex -- colours of a terminal begin with it
    for (const part of lines.split(/(?=\u001b\[)/)) {
      // oxlint-disable-next-line no-control-regex -- the same
      const [, codes = '', words = part] = /^\u001b\[([\d;]*)m([\s\S]*)$/.exec(part) ?? [];
      const span = document.createElement('span');
      span.style.cssText = codes
        .split(';')
        .map((code) => styles[code] ?? '')
        .join(';');
      span.textContent = words;
      place.append(span);
    }
  }, text.trimEnd());
  await page.locator('#t').screenshot({ path: join(here, 'watch.png') });
  await page.close();
}

async function until(holds) {
  while (!(await holds())) await pause(100);
}

async function pause(ms) {
  await new Promise((resolve) => setTimeout(resolve, ms));
}
