import { expect, test } from 'vitest';
import { scopeWrites } from './scope-writes.ts';
import { thresholds } from './thresholds.ts';

test('P8 what lies in a scope that was widened is no fault, before and after', () => {
  const limits = { ...thresholds, outsideScopeHint: 1, outsideScopeAct: 3 };
  const writes = scopeWrites({ scope: ['src/a.ts'], shared: [], workspace: '/w/', limits });
  const counts = (path: string): number[] => writes.write(path).map(({ count }) => count);
  expect(counts('/w/src/b.ts')).toEqual([1]);
  expect(counts('/w/src/c.ts')).toEqual([2]);
  writes.widen(['src/a.ts', 'src/b.ts']);
  expect(counts('/w/src/b.ts')).toEqual([]);
  expect(counts('/w/src/d.ts')).toEqual([2]);
  expect(writes.write('/w/src/e.ts')[0]?.what).toContain('(src/a.ts, src/b.ts)');
});
