import { expect, test } from 'vitest';
import { headline } from './words.ts';

test('a headline that announces what follows takes the last line with it', () => {
  expect(headline('ended with exit code 127. Its last words:\nhello\nagent.sh: 9: yy: not found\n', 200)).toBe(
    'ended with exit code 127. Its last words: agent.sh: 9: yy: not found',
  );
  expect(headline('the check failed\nwith output', 200)).toBe('the check failed');
});
