import { expect, test } from 'vitest';
import { attemptWorld, type Steps } from '../../test/support/attempt-world.ts';

const canary = 'sk-ant-api03-Canary/Value+0123456789';

/** Everything that the store and the logs hold after an attempt of an agent that knows the canary. */
async function traces(steps: Steps): Promise<string> {
  // On a busy machine all its errors may be made before the first hint reaches it; then its silence ends it.
  const limits = { silenceMs: 4_000, silenceHintMs: 3_000 };
  const world = await attemptWorld({ steps, settings: { environment: ['GIFT'] }, limits });
  world.ports.environment = { ...world.ports.environment, GIFT: canary };
  const { attempt, task } = await world.run();
  const rows = [attempt, task, await world.ports.store.events({ since: 0 })];
  const logs = ['output.log', 'verbose.jsonl', 'monitor.log'].map((name) => world.log(name));
  return [JSON.stringify(rows), ...logs].join('\n');
}

test('I19 what supervision saw and said, and why it ended an attempt, shows no secret', async () => {
  const failing = { do: 'run', command: ['sh', '-c', 'echo "$GIFT"; exit 1'] };
  const said = await traces([...Array.from({ length: 12 }, () => failing), { do: 'hang' }]);
  expect(said).toContain('[secret]');
  expect(said).toContain('agent-hinted');
  expect(said).not.toContain(canary);
});

test('I19 an agent that quotes a secret in its report or its last words leaves none behind', async () => {
  const reported = await traces([
    { do: 'report', report: 'complete', noChanges: `nothing to do with ${canary}` },
    { do: 'exit' },
  ]);
  expect(reported).toContain('nothing to do with [secret]');
  expect(reported).not.toContain(canary);
  const blocked = await traces([{ do: 'report', report: 'question', text: `use ${canary}?` }, { do: 'exit' }]);
  expect(blocked).toContain('use [secret]?');
  expect(blocked).not.toContain(canary);
  const [first, last] = [canary.slice(0, 20), canary.slice(20)];
  const crashed = await traces([
    { do: 'say', text: `my key: ${first}` },
    { do: 'say', text: `${last} is it` },
    { do: 'exit', code: 3 },
  ]);
  for (const part of [canary, first, last]) expect(crashed).not.toContain(part);
});
