import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verbs } from './verbs.ts';
import { becauseLines } from './why-words.ts';

const plain = (text: string): string => text;
const key = `${'p'.repeat(64)}/${'t'.repeat(64)}`;
const reason = { rule: 'inbox', message: 'it waits', since: null, holder: null };

test('P9 each command that frees a task stands whole on a line of its own, however long the ids are', () => {
  const unblockedBy = `a person: orbit retry ${key} (with advice, if any), or orbit cancel ${key}`;
  expect(becauseLines({ ...reason, unblockedBy }, plain)).toEqual([
    '  it waits  (inbox)',
    `    freed by: a person: orbit retry ${key} (with advice, if any)`,
    `          or: orbit cancel ${key}`,
  ]);
  const three = `a sign of it, orbit nudge ${key}, or the time`;
  expect(becauseLines({ ...reason, unblockedBy: three }, plain).slice(1)).toEqual([
    '    freed by: a sign of it',
    `          or: orbit nudge ${key}`,
    '          or: the time',
  ]);
});

test('P9 a reason that says what to do is shown whole, one that carries output by its head', () => {
  const message = `orbit/001 was moved: git update-ref refs/heads/orbit/001 ${'1'.repeat(40)} ${'it was so '.repeat(30)}end`;
  const told = (rule: string): string => becauseLines({ ...reason, rule, message, unblockedBy: null }, plain).join('');
  expect(told('landing-held')).toContain(message);
  expect(told('retry-at')).not.toContain('end');
  expect(told('retry-at').length).toBeLessThan(330);
});

test('P9 every command that a reason names is one', () => {
  const core = join(import.meta.dirname, '../core');
  const files = readdirSync(core).filter(
    (name) => /^(why.*|because|unfollowed)\.ts$/.test(name) && !name.includes('test'),
  );
  const named = files.flatMap((name) => [...readFileSync(join(core, name), 'utf8').matchAll(/\borbit ([a-z]+)/g)]);
  const verbsNamed = new Set(named.flatMap(([, verb = '']) => [verb]));
  expect(verbsNamed.size).toBeGreaterThan(8);
  expect([...verbsNamed].filter((verb) => !Object.hasOwn(verbs, verb))).toEqual([]);
});
