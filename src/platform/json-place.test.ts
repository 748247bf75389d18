import { assert, constantFrom, jsonValue, nat, property } from 'fast-check';
import { expect, test } from 'vitest';
import { findInJson, JsonFault, placeOf } from './json-place.ts';

test('reads what JSON.parse reads', () => {
  assert(
    property(jsonValue(), constantFrom(undefined, 2, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      expect(findInJson(text, () => ({ path: [], atKey: false })).value).toEqual(JSON.parse(text));
    }),
  );
});

test('refuses what JSON.parse refuses, at a place inside the text', () => {
  assert(
    property(jsonValue(), nat(), constantFrom('', ',', '}', '"', 'x', '\u0000'), (value, at, piece) => {
      const whole = JSON.stringify(value);
      const cut = at % (whole.length + 1);
      const text = whole.slice(0, cut) + piece + whole.slice(cut + 1);
      expect(fault(text) === null).toBe(isJson(text));
      expect(fault(text)?.at ?? 0).toBeLessThanOrEqual(text.length);
    }),
  );
});

const faults: [text: string, line: number, column: number, says: string][] = [
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'expected , or }'],
  ['{\r\n  "a": 1,\r\n}', 2, 9, 'a comma too many'],
  ['{"a": [1, 2', 1, 12, 'the end of the file'],
  ["{'a': 1}", 1, 2, 'a key in double quotes'],
  ['{"a": // x\n1}', 1, 7, 'no comments'],
  ['\ufeff{"a" 1}', 1, 6, 'expected : after "a"'],
  ['{} {}', 1, 4, 'after the end'],
];

for (const [text, line, column, says] of faults) {
  test(`${JSON.stringify(text)} stops being JSON at ${line}:${column}`, () => {
    const found = fault(text);
    expect(found?.message).toContain(says);
    expect(placeOf(text, found?.at ?? 0)).toEqual({ line, column });
  });
}

test('tells where keys and values stand, and which key stands twice', () => {
  const text = '{\n  "a": { "b": [1, 22] },\n  "c": 3,\n  "c": 4\n}';
  const at = (path: string[], atKey: boolean): object => placeOf(text, findInJson(text, () => ({ path, atKey })).at);
  expect(at(['a', 'b'], true)).toEqual({ line: 2, column: 10 });
  expect(at(['a', 'b', '1'], false)).toEqual({ line: 2, column: 19 });
  expect(placeOf(text, findInJson(text, () => ({ path: [], atKey: false })).duplicate?.at ?? 0)).toEqual({
    line: 4,
    column: 3,
  });
});

function fault(text: string): JsonFault | null {
  try {
    findInJson(text, () => ({ path: [], atKey: false }));
    return null;
  } catch (error) {
    if (error instanceof JsonFault) return error;
    throw error;
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
