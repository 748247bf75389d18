import { expect, test } from 'vitest';
import { ApiProblem } from './api.ts';
import { patiently } from './patiently.ts';

const refusal = (status: number): ApiProblem =>
  new ApiProblem({ status, code: 'too-many-requests', detail: 'too much', hint: '' }, 2_000);

test('what is put off is done again after the wait that was told', async () => {
  const waits: number[] = [];
  let tries = 0;
  const work = async (): Promise<string> => {
    tries += 1;
    if (tries < 3) throw refusal(429);
    return 'done';
  };
  expect(await patiently(work, async (ms) => void waits.push(ms))).toBe('done');
  expect(waits).toEqual([2_000, 2_000]);
});

test('any other refusal is told at once, and even patience has an end', async () => {
  let tries = 0;
  const refused = (status: number) => async (): Promise<never> => {
    tries += 1;
    throw refusal(status);
  };
  await expect(patiently(refused(409), async () => {})).rejects.toMatchObject({ status: 409 });
  expect(tries).toBe(1);
  await expect(patiently(refused(429), async () => {})).rejects.toMatchObject({ status: 429 });
  expect(tries).toBe(21);
});
