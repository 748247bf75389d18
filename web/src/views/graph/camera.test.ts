import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { centre, fit, headPx, overlaps, readCamera, seen, writeCamera, zoomAt } from './camera.ts';

const window = { width: 800, height: 600 };

test('zooming leaves the point under the pointer where it is', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 800 }), fc.double({ min: 0.5, max: 2, noNaN: true }), (x, factor) => {
      const before = { x: 40, y: -20, zoom: 0.5 };
      const after = zoomAt(before, factor, { x, y: 100 });
      expect((x - after.x) / after.zoom).toBeCloseTo((x - before.x) / before.zoom, 6);
    }),
  );
});

test('all of a picture fits, never larger than life, from the top', () => {
  const small = fit({ x: 0, y: 0, width: 100, height: 100 }, window);
  expect(small.zoom).toBe(1);
  expect(small.y).toBe(headPx + 8);
  const large = fit({ x: 0, y: 0, width: 8_000, height: 1_000 }, window);
  const view = seen(large, window);
  expect(view.x).toBeLessThanOrEqual(0);
  expect(view.x + view.width).toBeGreaterThanOrEqual(8_000);
});

test('a camera goes through the address and back; anything else is none', () => {
  expect(readCamera(writeCamera({ x: 12.4, y: -7, zoom: 0.25 }))).toEqual({ x: 12, y: -7, zoom: 0.25 });
  for (const text of ['', '1,2', '1,2,3,4', 'a,b,c', '0,0,0', '0,0,99', '0,0,Infinity'])
    expect(readCamera(text)).toBeNull();
});

test('what is in the window', () => {
  const box = seen(centre({ x: 50, y: 50 }, 1, window), window);
  expect(overlaps(box, { x: 0, y: 0, width: 10, height: 10 })).toBe(true);
  expect(overlaps(box, { x: 2_000, y: 0, width: 10, height: 10 })).toBe(false);
});
