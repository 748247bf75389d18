import { expect, test } from 'vitest';
import { draftTask, load, start } from '../../test/conformance/store-fixture.ts';
import { redactor } from '../platform/redact.ts';
import { hidingStore } from './hiding-store.ts';
import { openMemoryStore } from './memory/memory-store.ts';

test('I19 what an agent writes shows none of the secrets that its process knows, in no row and no event', async () => {
  const secret = 'sk-ant-api03-Very/Secret+Value';
  await using behind = openMemoryStore();
  await load(behind, [draftTask('T1')]);
  const store = hidingStore(behind, async () => redactor([secret]));
  const claim = { agent: 'a-1', plan: null, task: '001/T1', byHand: false, leaseMs: 1_000, shared: [] } as const;
  await store.claim({ ...claim, base: null, workspace: null, branch: null }, 'coordinator', start);
  const context = { actor: 'a-1', now: start, durable: false };
  const words = `the key is ${secret}`;
  const todo = { done: 0, total: 1, now: words };
  await store.execute('001/T1', { type: 'tell-progress', token: 1, doing: words, todo }, context);
  await store.send({ id: 'm', from: 'a-1', to: 'person', task: null, text: words, at: start });
  await store.note({
    id: 'n',
    kind: 'gotcha',
    title: words,
    text: words,
    paths: [`${secret}.txt`],
    author: 'a-1',
    task: null,
    commit: null,
    at: start,
  });
  await store.execute('001/T1', { type: 'block', token: 1, kind: 'question', reason: words }, context);
  const rows = [
    await behind.events({ since: 0 }),
    await behind.messages({ to: 'person' }),
    await behind.notes({ words: 'key', limit: 9 }),
    await behind.tasks({}, start),
    await behind.attempts({}),
  ];
  expect(JSON.stringify(rows)).not.toContain(secret);
  expect(await store.messages({ to: 'person' })).toMatchObject([{ text: 'the key is [secret]' }]);
  expect((await store.task('001/T1'))?.task.inbox?.reason).toBe('the key is [secret]');
});
