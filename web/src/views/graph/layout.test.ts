import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { layOut, nodeHeight, nodeWidth, type LayoutNode } from './layout.ts';
import { inversions } from './order.ts';

/** A plan as people write them: a task needs earlier ones, mostly of the layer before; some stand ahead of their layer. */
const plans = fc
  .array(
    fc.record({ band: fc.option(fc.integer({ min: 0, max: 6 })), needs: fc.array(fc.nat(80), { maxLength: 4 }) }),
    {
      maxLength: 80,
    },
  )
  .map((list) =>
    list.map(({ band, needs }, index): LayoutNode => ({
      key: `T${index}`,
      band,
      needs: needs.filter((need) => need < index).map((need) => `T${need}`),
    })),
  );

test('every task has a place of its own, in the band of its layer', () => {
  fc.assert(
    fc.property(plans, (nodes) => {
      const { places, bands, width, height } = layOut(nodes);
      expect(places.size).toBe(nodes.length);
      const boxes = nodes.map(({ key, band }) => ({ band, ...(places.get(key) ?? { x: NaN, y: NaN }) }));
      for (const [index, one] of boxes.entries()) {
        const own = bands.find(({ band }) => band === one.band);
        expect(one.x).toBeGreaterThanOrEqual(own?.x ?? Infinity);
        expect(one.x + nodeWidth).toBeLessThanOrEqual((own?.x ?? 0) + (own?.width ?? 0));
        expect(one.x + nodeWidth).toBeLessThanOrEqual(width);
        expect(one.y + nodeHeight).toBeLessThanOrEqual(height);
        for (const other of boxes.slice(index + 1))
          expect(Math.abs(one.x - other.x) >= nodeWidth || Math.abs(one.y - other.y) >= nodeHeight).toBe(true);
      }
    }),
  );
});

test('within a layer work runs from left to right, columns begin at the top, and bands are in the order of layers', () => {
  fc.assert(
    fc.property(plans, (nodes) => {
      const { places, bands, edges } = layOut(nodes);
      const bandOf = new Map(nodes.map(({ key, band }) => [key, band]));
      const inside = edges.filter(({ from, to }) => bandOf.get(from) === bandOf.get(to));
      const isForward = ({ from, to }: { from: string; to: string }): boolean =>
        (places.get(from)?.x ?? NaN) < (places.get(to)?.x ?? NaN);
      expect(inside.filter((edge) => !isForward(edge))).toEqual([]);
      const tops = Map.groupBy(places.values(), ({ x }) => x);
      for (const column of tops.values()) expect(Math.min(...column.map(({ y }) => y))).toBe(0);
      const numbers = bands.map(({ band }) => band ?? Infinity);
      expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
    }),
  );
});

test('a layer is no barrier: what a task ahead of its layer needs leaves it in its own band', () => {
  const { places, bands, edges } = layOut([
    { key: 'early', band: 1, needs: ['late'] },
    { key: 'late', band: 2, needs: [] },
  ]);
  expect(bands.map(({ band }) => band)).toEqual([1, 2]);
  expect(places.get('early')?.x ?? 0).toBeLessThan(places.get('late')?.x ?? 0);
  expect(edges).toEqual([{ from: 'late', to: 'early' }]);
});

test('rings, unknown keys and needs of oneself leave nothing out', () => {
  const { places, edges } = layOut([
    { key: 'a', band: null, needs: ['b', 'a'] },
    { key: 'b', band: null, needs: ['a', 'elsewhere'] },
    { key: 'c', band: null, needs: ['b', 'b'] },
  ]);
  expect(places.size).toBe(3);
  expect(edges).toHaveLength(3);
  expect(layOut([])).toEqual({ places: new Map(), bands: [], edges: [], width: 0, height: 0 });
});

test('crossings go where an order without any exists', () => {
  const nodes = [0, 1, 2, 3, 4, 5].map((index): LayoutNode => ({ key: `a${index}`, band: 0, needs: [] }));
  const mirrored = nodes.map((_node, index): LayoutNode => ({ key: `b${index}`, band: 0, needs: [`a${5 - index}`] }));
  const { places } = layOut([...nodes, ...mirrored]);
  for (const [index] of nodes.entries()) expect(places.get(`a${5 - index}`)?.y).toBe(places.get(`b${index}`)?.y);
});

test('pairs in falling order are counted', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(20), { maxLength: 30 }), (values) => {
      const pairs = values.flatMap((a, index) => values.slice(index + 1).filter((b) => b < a));
      expect(inversions(values)).toBe(pairs.length);
    }),
  );
});
