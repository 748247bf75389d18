import { expect, test } from 'vitest';
import { buildPath, matchPath } from './path.ts';

test('an address is matched part by part, and read as it was written', () => {
  const path = buildPath('/tasks/:plan/:task', { plan: '001', task: 'a/b c' }, { q: 'state:failed', none: '' });
  expect(path).toBe('/tasks/001/a%2Fb%20c?q=state%3Afailed');
  expect(matchPath('/tasks/:plan/:task', '/tasks/001/a%2Fb%20c')).toEqual({ plan: '001', task: 'a/b c' });
  expect(matchPath('/tasks/:plan', '/tasks')).toBeUndefined();
  expect(matchPath('/', '/')).toEqual({});
  expect(matchPath('/x/:y', '/x/%')).toEqual({ y: '%' });
});
