import { expect, test } from 'vitest';
import { plain } from './plain.ts';
import { ago, money, short, span } from './time.ts';

test('terminal sequences and characters that turn the reading order do not reach the screen', () => {
  const esc = String.fromCodePoint(27);
  expect(plain(`${esc}[31mred${esc}[0m ${esc}]8;;http://x${String.fromCodePoint(7)}link`)).toBe('red link');
  expect(plain('a\u202Eb\u200B\tc\r\nd\0')).toBe('ab\tc\nd');
});

test('times and sizes are said in their largest unit', () => {
  expect([span(900), span(61_000), span(7_300_000), span(200_000_000)]).toEqual(['0 s', '1 min', '2 h', '2 d']);
  expect(ago('2026-01-01T00:00:00Z', Date.parse('2026-01-01T00:02:00Z'))).toBe('2 min ago');
  expect(ago('2026-01-01T00:02:00Z', Date.parse('2026-01-01T00:00:00Z'))).toBe('in 2 min');
  expect(ago('soon', 0)).toBe('soon');
  expect([money(0.126), money(250.4), short(999), short(12_345), short(2_500_000)]).toEqual([
    '$0.13',
    '$250',
    '999',
    '12k',
    '2.5M',
  ]);
});
