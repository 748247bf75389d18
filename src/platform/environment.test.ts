import { expect, test } from 'vitest';
import { childEnvironment } from './environment.ts';

const from = {
  PATH: '/bin',
  HOME: '/home/a',
  LC_ALL: 'C',
  XDG_CONFIG_HOME: '/c',
  AWS_SECRET_ACCESS_KEY: 'canary',
  MY_KEY: 'wanted',
  NODE_OPTIONS: '--inspect',
  GIT_DIR: '/elsewhere',
  ORBIT_TOKEN: 'of somebody else',
};

test('I19 a child gets what is listed, allowed or set, and nothing else', () => {
  expect(childEnvironment({ allow: ['MY_KEY', 'NOT_THERE'], set: { ORBIT_TASK: 'T001' }, from })).toEqual({
    PATH: '/bin',
    HOME: '/home/a',
    LC_ALL: 'C',
    XDG_CONFIG_HOME: '/c',
    MY_KEY: 'wanted',
    ORBIT_TASK: 'T001',
  });
});

test('I19 names of Orbit are never inherited, not even when a setting allows them', () => {
  expect(childEnvironment({ allow: ['ORBIT_TOKEN'], set: {}, from })).not.toHaveProperty('ORBIT_TOKEN');
});

test('folders are put before the PATH, also when there is none', () => {
  expect(childEnvironment({ allow: [], set: {}, pathFirst: ['/shims'], from })).toHaveProperty('PATH', '/shims:/bin');
  expect(childEnvironment({ allow: [], set: {}, pathFirst: ['/shims'], from: {} })).toEqual({ PATH: '/shims' });
});
