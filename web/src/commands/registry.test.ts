import { expect, test } from 'vitest';
import { addCommands, hintOf, keyName, listCommands, meaningOf } from './registry.ts';

const command = (
  id: string,
  keys?: string,
): { id: string; title: string; group: string; keys?: string; run: () => void } => ({
  id,
  title: `Do ${id}`,
  group: 'Test',
  run: () => undefined,
  ...(keys === undefined ? {} : { keys }),
});

test('a sequence of keys runs its command, and its beginning waits for more', () => {
  const commands = [command('inbox', 'g i'), command('next', 'j')];
  expect(meaningOf(commands, ['g'])).toEqual({ kind: 'more' });
  expect(meaningOf(commands, ['g', 'i'])).toMatchObject({ command: { id: 'inbox' } });
  expect(meaningOf(commands, ['j'])).toMatchObject({ command: { id: 'next' } });
  expect(meaningOf(commands, ['g', 'x'])).toEqual({ kind: 'nothing' });
});

test('the command of a view hides the page’s of the same id and key until it goes', () => {
  const takeAway = addCommands([command('a', 'x'), command('b')]);
  const takeAwayView = addCommands([{ ...command('a', 'y'), title: 'Of the view' }]);
  expect(listCommands().map(({ id }) => id)).toEqual(['b', 'a']);
  expect(hintOf('a')).toBe('Of the view (y)');
  takeAwayView();
  expect(hintOf('a')).toBe('Do a (x)');
  expect(hintOf('b')).toBe('Do b');
  takeAway();
  expect(listCommands()).toEqual([]);
});

test('keys are written as people write them', () => {
  const key = (name: string, held: object = {}): string =>
    keyName({ key: name, ctrlKey: false, metaKey: false, altKey: false, ...held });
  expect([key('?'), key('G'), key('Enter'), key('k', { metaKey: true }), key('k', { ctrlKey: true })]).toEqual([
    '?',
    'G',
    'enter',
    'mod+k',
    'mod+k',
  ]);
});
