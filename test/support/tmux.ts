/**
 * A real terminal for tests: tmux with a server of its own, which draws what a program writes and says what stands on the screen.
 *
 * Owns the server; it ends with the test.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFailed, onTestFinished } from 'vitest';

export interface Tmux {
  /** The lines that stand on the screen. */
  screen: () => string[];
  /** Sends keys by the names that tmux has for them, such as `j`, `Enter`, `Escape`, `C-c`. */
  press: (...keys: readonly string[]) => void;
  /** Sends text as it is. */
  type: (text: string) => void;
  resize: (columns: number, rows: number) => void;
  /** Resolves with the screen as soon as it fits; the test's own time limit ends the wait. */
  until: (fits: (screen: string) => boolean) => Promise<string>;
}

export const hasTmux: boolean = spawnSync('tmux', ['-V']).status === 0;

export interface TmuxOrder {
  command: readonly string[];
  directory: string;
  environment: Readonly<Record<string, string>>;
  columns: number;
  rows: number;
}

/** Starts the command in a shell of a new terminal, so that what it leaves on the screen can be seen as well. */
export async function startTmux({ command, directory, environment, columns, rows }: TmuxOrder): Promise<Tmux> {
  const home = mkdtempSync(join(tmpdir(), 'orbit-tmux-'));
  const socket = join(home, 'socket');
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-S', socket, '-f', '/dev/null', '-u', ...args], {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: home, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
    });
  const words = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const size = ['-x', String(columns), '-y', String(rows)];
  tmux(
    'new-session',
    '-d',
    '-s',
    't',
    ...size,
    '-c',
    directory,
    'env',
    '-i',
    'TERM=screen',
    'PS1=prompt ',
    ...words,
    'sh',
    '-i',
  );
  onTestFinished(() => {
    spawnSync('tmux', ['-S', socket, 'kill-server']);
    rmSync(home, { recursive: true, force: true });
  });
  const screen = (): string[] => tmux('capture-pane', '-p', '-t', 't').split('\n');
  const type = (text: string): void => void tmux('send-keys', '-t', 't', '-l', text);
  let last = '';
  onTestFailed(() => void process.stderr.write(`the screen at the end:\n${last}\n`));
  const until = async (fits: (screen: string) => boolean): Promise<string> => {
    for (;;) {
      const text = screen().join('\n');
      last = `${String(fits)}\n${text}`;
      if (fits(text)) return text;
      await delay(lookMs);
    }
  };
  // What is typed before a shell reads may be lost.
  await until((text) => text.includes('prompt'));
  type(command.map((word) => `'${word.replaceAll("'", String.raw`'\''`)}'`).join(' '));
  tmux('send-keys', '-t', 't', 'Enter');
  return {
    screen,
    press: (...keys) => void tmux('send-keys', '-t', 't', ...keys),
    type,
    resize: (wide, high) => void tmux('resize-window', '-t', 't', '-x', String(wide), '-y', String(high)),
    until,
  };
}

/** Between two looks at the screen. */
const lookMs = 50;
