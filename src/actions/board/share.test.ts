import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { share } from './share.ts';

test('E4 where all fits, every pane has what it wants; else the first has most, and what has no room for a line is left out', () => {
  expect(share([5, 3, 2], 20, 0)).toEqual([5, 3, 2]);
  expect(share([50, 50, 50], 20, 1)).toEqual([4, 12, 4]);
  expect(share([50, 50, 50], 5, 1)).toEqual([2, 3, 0]);
});

test('E4 panes never take more lines than there are, nor leave lines that one of them wants', () => {
  const wanted = fc.array(fc.integer({ min: 1, max: 60 }), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(wanted, fc.nat(80), fc.nat(4), (heights, rows, first) => {
      const shared = share(heights, rows, first % heights.length);
      const sum = shared.reduce((a, b) => a + b, 0);
      expect(sum).toBeLessThanOrEqual(rows);
      shared.forEach((height, at) => expect(height).toBeLessThanOrEqual(heights[at] ?? 0));
      const shown = heights.filter((_, at) => (shared[at] ?? 0) > 0).reduce((a, b) => a + b, 0);
      expect(sum).toBe(Math.min(shown, rows));
    }),
  );
});
