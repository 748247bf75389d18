import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { Terminal } from './terminal.ts';

function open(): { terminal: Terminal; written: string[]; screen: EventEmitter & { columns: number; rows: number } } {
  const written: string[] = [];
  const screen = Object.assign(new EventEmitter(), { columns: 20, rows: 5 });
  const terminal = new Terminal({
    write: (text) => written.push(text),
    keyboard: null,
    screen: screen as never,
    onKey: () => undefined,
    onResize: () => terminal.draw(['a', 'b']),
  });
  terminal.open();
  return { terminal, written, screen };
}

test('D11 only lines that changed are written, and all of them after a resize', () => {
  const { terminal, written, screen } = open();
  terminal.draw(['a', 'b']);
  written.length = 0;
  terminal.draw(['a', 'c']);
  expect(written).toEqual(['\u001b[2;1H\u001b[2Kc']);
  terminal.draw(['a', 'c']);
  expect(written).toHaveLength(1);
  written.length = 0;
  screen.emit('resize');
  expect(written.join('')).toContain('\u001b[1;1H\u001b[2Ka');
  terminal.close();
});

test('D11 the screen is given back once, also when the process just exits', () => {
  const { terminal, written } = open();
  const before = process.listeners('exit').length;
  written.length = 0;
  const listener = process.listeners('exit').at(-1);
  listener?.(0);
  terminal.close();
  expect(written).toEqual(['\u001b[?2004l\u001b[?7h\u001b[?25h\u001b[?1049l']);
  expect(process.listeners('exit').length).toBe(before - 1);
  terminal.draw(['late']);
  expect(written).toHaveLength(1);
});

test('E4 a terminal that is cut off ends the view, and its keyboard is left as it was', () => {
  const keyboard = Object.assign(new EventEmitter(), {
    modes: [] as boolean[],
    setRawMode: (raw: boolean) => void keyboard.modes.push(raw),
    setEncoding: () => keyboard,
    resume: () => keyboard,
    pause: () => keyboard,
  });
  const keys: string[] = [];
  const terminal = new Terminal({
    write: () => undefined,
    keyboard: keyboard as never,
    screen: Object.assign(new EventEmitter(), { columns: 20, rows: 5 }) as never,
    onKey: ({ name }) => keys.push(name),
    onResize: () => undefined,
  });
  terminal.open();
  keyboard.emit('data', 'j');
  keyboard.emit('end');
  terminal.close();
  keyboard.emit('data', 'k');
  expect(keys).toEqual(['j', 'ctrl-c']);
  expect(keyboard.modes).toEqual([true, false]);
  expect(keyboard.eventNames()).toEqual([]);
});
