import { expect, test } from 'vitest';
import { meetingEntries } from './overlap.ts';

test('I20 globs made to take for ever are compared up to a bound, plain paths always', () => {
  const globs = Array.from({ length: 100 }, (_, index) => `${'*a'.repeat(500)}${index}*`);
  const meeting = meetingEntries([...globs, 'src/', 'src/a.ts'], []);
  const found = globs.map((glob) => meeting.get(glob)?.length ?? 0);
  expect(Math.max(...found)).toBeGreaterThan(1);
  expect(Math.min(...found)).toBe(1);
  expect(meeting.get('src/a.ts')).toEqual(['src/a.ts', 'src/']);
});
