import { expect, test } from 'vitest';
import { attemptWorld, type Steps } from '../../test/support/attempt-world.ts';
import { OperationalError } from '../platform/error.ts';

const good: Steps = [
  { do: 'write', path: 'a.txt', text: 'a\n' },
  { do: 'commit', message: 'Add a' },
  { do: 'report', report: 'complete' },
];

const full = (): OperationalError =>
  new OperationalError('disk-full', 'no space left', { hint: 'Free some.', retryable: true });

test('P11 an attempt whose workspace does not fit waits for space and then goes on', async () => {
  const world = await attemptWorld({ steps: good, limits: { diskRetryMs: 5 } });
  const { workspaces } = world.ports;
  let tries = 0;
  world.ports.workspaces = {
    ...workspaces,
    prepare: async (order) => {
      tries += 1;
      if (tries < 3) throw full();
      return workspaces.prepare(order);
    },
  };
  expect((await world.run()).attempt.outcome).toBe('done');
  expect(world.log('monitor.log').match(/no space left; trying again/g)).toHaveLength(2);
});

test('P11 I11 a disk that stays full costs no attempt', async () => {
  const world = await attemptWorld({ steps: good, limits: { diskRetryMs: 5, diskPatienceMs: 20 } });
  const prepare = async (): Promise<never> => Promise.reject(full());
  world.ports.workspaces = { ...world.ports.workspaces, prepare };
  const { attempt, task } = await world.run();
  expect(attempt).toMatchObject({ outcome: 'released', reason: expect.stringContaining('the disk is full') });
  expect(task).toMatchObject({ claim: null, failures: [] });
});
