import { expect, test } from 'vitest';
import { readModels } from './models.ts';

const models = readModels(
  JSON.stringify({
    providers: [
      {
        id: 'a',
        models: {
          one: { limit: { context: 1000 }, variants: { low: {}, high: {} } },
          'x/y': { variants: { minimal: {}, xhigh: {} } },
        },
      },
      { id: 'b', models: { one: {}, two: { limit: { context: 0 } } } },
    ],
  }),
);

test('P10 a model is named with its provider, or alone where only one has it', () => {
  expect(models.find('a/one')).toEqual({ providerID: 'a', modelID: 'one' });
  expect(models.find('a/x/y')).toEqual({ providerID: 'a', modelID: 'x/y' });
  expect(models.find('two')).toEqual({ providerID: 'b', modelID: 'two' });
  expect(models.find('one')).toBe(null);
  expect(models.find('c/new')).toEqual({ providerID: 'c', modelID: 'new' });
  expect(models.find('none')).toBe(null);
});

test('P10 a thinking budget is the nearest that the model has; what is not told is unknown', () => {
  const [one, other, two] = ['a/one', 'a/x/y', 'two'].map((name) => models.find(name));
  if (!one || !other || !two) throw new Error('the models are not there');
  expect((['low', 'medium', 'high', 'max'] as const).map((level) => models.variantFor(one, level))).toEqual([
    'low',
    'high',
    'high',
    'high',
  ]);
  expect((['low', 'medium', 'high', 'max'] as const).map((level) => models.variantFor(other, level))).toEqual([
    'minimal',
    null,
    'xhigh',
    'xhigh',
  ]);
  expect(models.variantFor(two, 'max')).toBe(null);
  expect([one, other, two].map((model) => models.contextOf(model))).toEqual([1000, null, null]);
  expect(readModels('not json').find('a')).toBe(null);
});
