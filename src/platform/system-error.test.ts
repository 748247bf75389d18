import { expect, test } from 'vitest';
import { OperationalError } from './error.ts';
import { operational } from './system-error.ts';

const systemError = (code: string): Error => Object.assign(new Error(`${code}: write`), { code });

test('I4 what the system refuses is an operational error, a mistake of ours is none', () => {
  expect(operational(systemError('ENOSPC'))).toMatchObject({ code: 'disk-full', retryable: true });
  expect(operational(systemError('EDQUOT'))).toMatchObject({ code: 'disk-full', message: 'EDQUOT: write' });
  expect(operational(systemError('EROFS'))).toMatchObject({ code: 'file-unwritable', retryable: false });
  expect(operational(systemError('EMFILE'))).toMatchObject({ code: 'file-unwritable', retryable: true });
  const known = new OperationalError('git-failed', 'no', { hint: 'none' });
  expect(operational(known)).toBe(known);
  for (const other of [systemError('ENOENT'), new TypeError('x'), 'x', null]) expect(operational(other)).toBeNull();
});
