/** Whether an action's answer is what the API's contract says, and nothing besides. */
import { expect } from 'vitest';

/** Fails for missing and wrong fields, and for those that the contract does not name. */
export function expectFit(schema: { parse: (value: unknown) => unknown }, value: unknown): void {
  expect(value).toEqual(schema.parse(JSON.parse(JSON.stringify(value))));
}
