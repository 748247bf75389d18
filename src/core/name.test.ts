import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { agentFamily, mayTake } from './agent-name.ts';
import { keyParts, nameFault, nameLengthMax, taskKey } from './id.ts';
import { attemptNames } from './kept-refs.ts';

test('names that can stand in a ref, a path and a variable are taken', () => {
  for (const name of ['T031', 'a', '001', 'feature-x_2.b', 'x'.repeat(nameLengthMax)])
    expect(nameFault(name)).toBeNull();
});

test('names that would hurt git, a file system or a terminal are refused with the reason', () => {
  const bad = [
    '',
    '.',
    '..',
    '-rf',
    'a/b',
    'a b',
    'a..b',
    'a.',
    'x.lock',
    'X.LOCK',
    'ä',
    'a\n',
    '\u001b[31m',
    '$(x)',
    '_a',
    'x'.repeat(nameLengthMax + 1),
  ];
  for (const name of bad) expect([name, nameFault(name)]).toEqual([name, expect.any(String)]);
});

test('a key and its parts are one', () => {
  const name = fc.stringMatching(/^[A-Za-z0-9][A-Za-z0-9._-]{0,20}$/).filter((text) => nameFault(text) === null);
  fc.assert(
    fc.property(name, name, (plan, task) => {
      expect(keyParts(taskKey(plan, task))).toEqual({ plan, task });
    }),
  );
});

test('what git calls an attempt lies outside the namespace of plans branches', () => {
  expect(attemptNames('001/T1', 7)).toEqual({
    branch: 'orbit-work/001/T1-7',
    ref: 'refs/orbit/attempts/T1/7',
    salvage: 'refs/orbit/salvage/T1/7',
    workspace: 'T1-7',
  });
});

test('a task that wants an agent may be taken by it and by its workers', () => {
  expect(agentFamily('claude-2')).toBe('claude');
  expect(agentFamily('gpt-oss')).toBe('gpt-oss');
  expect(mayTake('claude-2', 'claude')).toBe(true);
  expect(mayTake('claude-2', 'claude-2')).toBe(true);
  expect(mayTake('claude-2', null)).toBe(true);
  expect(mayTake('claude-2', 'claude-1')).toBe(false);
  expect(mayTake('claude', 'claude-1')).toBe(false);
  expect(mayTake('claudette', 'claude')).toBe(false);
});
