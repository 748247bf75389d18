import { expect, test } from 'vitest';
import { portOf } from './agent-environment.ts';

test('P11 attempts that live side by side get ports of their own, ten each, all of them usable', () => {
  const ports = Array.from({ length: 1_000 }, (_, token) => portOf(token + 1));
  expect(new Set(ports).size).toBe(1_000);
  for (const port of ports) expect(port % 10 === 0 && port >= 20_000 && port + 9 < 30_000).toBe(true);
});
