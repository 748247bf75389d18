import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Pane } from '../../actions/board/board.ts';
import { KeyReader } from './keys.ts';
import { press } from './press.ts';
import { chosen, mayAsk, newWatchState, selectionOf, typedAhead, type Order, type WatchState } from './state.ts';

const row = (key: string | null, text: string): Pane['rows'][number] => ({
  lines: [[{ text }]],
  about: { key, plan: '001', token: null },
});

const panes: Pane[] = [
  {
    name: 'plan',
    title: 'Plan',
    rows: [
      row(null, 'the plan'),
      { lines: [[{ text: 'a band' }]], about: null },
      row('001/T1', 'one'),
      row('001/T2', 'two'),
    ],
  },
  { name: 'inbox', title: 'Inbox', rows: [row('001/T2', 'two')] },
];

function play(
  keys: string,
  on: readonly Pane[] = panes,
  from: WatchState = newWatchState(),
): { state: WatchState; orders: Order[] } {
  const orders: Order[] = [];
  let state = from;
  for (const key of new KeyReader().push(keys)) {
    const pressed = press(state, key, { panes: chosen(on, state.filter), textRows: 10 });
    state = pressed.state;
    if (pressed.order !== null) orders.push(pressed.order);
  }
  return { state, orders };
}

const about = { key: '001/T1', plan: '001', token: null };

test('E4 each key orders what the command of its name does, of the selected row', () => {
  expect(play('p').orders).toEqual([{ type: 'pause', about: { ...about, key: null } }]);
  expect(play('jp').orders).toEqual([{ type: 'pause', about }]);
  expect(play('jnhello q\r').orders).toEqual([{ type: 'nudge', about, text: 'hello q' }]);
  expect(play('jr').orders).toEqual([{ type: 'retry-ask', about }]);
  expect(play('ja').orders).toEqual([{ type: 'look', about }]);
  expect(play('jx').orders).toEqual([{ type: 'reject-ask', about }]);
  expect(play('jlwq').orders.map(({ type }) => type)).toEqual(['log', 'why', 'quit']);
  expect(play('\tw').orders).toEqual([{ type: 'why', about: { ...about, key: '001/T2' } }]);
});

test('E4 nothing is cancelled at one key, by pasted text, or without words', () => {
  expect(play('jcy').orders).toEqual([{ type: 'cancel', about }]);
  expect(play('jc\r').orders).toEqual([]);
  expect(play('jcn').orders).toEqual([]);
  expect(play('j\u001b[200~cy\u001b[201~').orders).toEqual([]);
  expect(play('jn  \r').state.message?.text).toContain('nothing was done');
});

test('E4 what is typed before a question is up goes into its text, and never answers yes to what was not seen', () => {
  const keys = new KeyReader().push('y');
  const ask = { for: 'reject', label: 'why not?', about, yesNo: false } as const;
  expect(typedAhead(ask, keys)).toEqual(keys);
  expect(typedAhead({ ...ask, for: 'approve', yesNo: true }, keys)).toEqual([]);
  expect(typedAhead(null, keys)).toEqual([]);
  expect(['ja', 'jr', 'jx'].flatMap((typed) => play(typed).orders).every(mayAsk)).toBe(true);
  expect(play('jw').orders.some(mayAsk)).toBe(false);
});

test('E4 a key that does not apply says so', () => {
  const { state, orders } = play('c');
  expect(orders).toEqual([]);
  expect(state.message).toMatchObject({ isBad: true });
});

test('E4 the selection stays with its row while others come and go', () => {
  const { state } = play('jj');
  expect(selectionOf(state, panes).row?.about?.key).toBe('001/T2');
  const more = [
    {
      ...(panes[0] as Pane),
      rows: [row(null, 'the plan'), row('001/T0', 'new'), row('001/T1', ''), row('001/T2', '')],
    },
  ];
  expect(selectionOf(state, more).row?.about?.key).toBe('001/T2');
  const gone = [{ ...(panes[0] as Pane), rows: [row(null, 'the plan'), row('001/T1', '')] }];
  expect(selectionOf(state, gone).row?.about?.key).toBe('001/T1');
});

test('E4 the filter shows rows with its text, at each letter; escape ends it', () => {
  const { state } = play('/TWO');
  expect(chosen(panes, state.filter).map(({ name, rows }) => [name, rows.length])).toEqual([
    ['plan', 1],
    ['inbox', 1],
  ]);
  expect(press(state, { name: 'escape', text: '' }, { panes, textRows: 10 }).state.filter).toBe('');
});

test('E4 whatever is pressed, the state stays sound and only a confirmed cancel cancels', () => {
  const keys = fc.array(fc.constantFrom(...Array.from('jkgGnprawxclq?/y\r\t\u007f\u0015')), { maxLength: 40 });
  fc.assert(
    fc.property(keys, (pressed) => {
      const { state, orders } = play(pressed.join(''));
      expect(chosen(panes, state.filter).length).toBeGreaterThan(0);
      const cancelled = orders.some(({ type }) => type === 'cancel');
      expect(!cancelled || pressed.join('').includes('cy')).toBe(true);
    }),
  );
});
