/** Cases of the store suite about messages, findings and the doorbell. */
import { expect } from 'vitest';
import type { Message, Note } from '../../src/store/store.ts';
import { draftTask, load, start, type StoreCase } from './store-fixture.ts';

const message = (id: string, from: string, to: string): Omit<Message, 'order' | 'acknowledgedAt'> => ({
  id,
  from,
  to,
  task: null,
  text: `text of ${id}`,
  at: start,
});

const finding = (id: string, title: string, text: string): Note => ({
  id,
  kind: 'gotcha',
  title,
  text,
  paths: [`src/${id}.ts`],
  author: 'claude-1',
  task: '001/T1',
  commit: null,
  at: start,
});

export const wordCases: Record<string, StoreCase> = {
  'I12 messages are kept once, in order per sender and recipient': async ({ store, other }) => {
    expect(await store.send(message('m1', 'a', 'b'))).toEqual({
      ...message('m1', 'a', 'b'),
      order: 1,
      acknowledgedAt: null,
    });
    expect(await other.send(message('m2', 'a', 'b'))).toMatchObject({ order: 2 });
    expect(await store.send(message('m3', 'c', 'b'))).toMatchObject({ order: 1 });
    expect(await store.send(message('m4', 'a', 'c'))).toMatchObject({ order: 1 });
    const again = await other.send({ ...message('m1', 'a', 'b'), text: 'another', at: start + 9 });
    expect(again).toMatchObject({ order: 1, text: 'text of m1', at: start });
    expect((await store.messages({ to: 'b' })).map(({ id }) => id)).toEqual(['m1', 'm2', 'm3']);
    expect((await store.messages({ to: 'b', limit: 2 })).map(({ id }) => id)).toEqual(['m1', 'm2']);
    expect((await store.events({ since: 0 })).map(({ body }) => body)).toEqual(
      [
        ['m1', 'a', 'b'],
        ['m2', 'a', 'b'],
        ['m3', 'c', 'b'],
        ['m4', 'a', 'c'],
      ].map(([id, from, to]) => ({ type: 'message-sent', id, from, to })),
    );
  },

  'I12 an acknowledged message is not shown again, but kept': async ({ store }) => {
    for (const id of ['m1', 'm2', 'm3']) await store.send(message(id, 'a', 'b'));
    expect(await store.acknowledge('x', ['m1'], start + 1)).toBe(0);
    expect(await store.acknowledge('b', ['m1', 'm1', 'm3', 'm9'], start + 1)).toBe(2);
    expect(await store.acknowledge('b', ['m1'], start + 2)).toBe(0);
    expect((await store.messages({ to: 'b' })).map(({ id }) => id)).toEqual(['m2']);
    const told = (await store.events({ since: 0 })).filter(({ body }) => body.type === 'message-acknowledged');
    expect(told).toMatchObject([{ at: start + 1, actor: 'b', body: { ids: ['m1', 'm3'], to: 'b' } }]);
    const all = await store.messages({ to: 'b', all: true });
    expect(all.map(({ id, acknowledgedAt }) => [id, acknowledgedAt])).toEqual([
      ['m1', start + 1],
      ['m2', null],
      ['m3', start + 1],
    ]);
    expect(await store.send(message('m1', 'a', 'b'))).toMatchObject({ order: 1, acknowledgedAt: start + 1 });
    expect(await store.send(message('m4', 'a', 'b'))).toMatchObject({ order: 4 });
  },

  'findings are kept once and found by their words, best first': async ({ store }) => {
    await load(store, [draftTask('T1')]);
    const notes = [
      finding('n1', 'The cache lies', 'Clear the build cache before measuring.'),
      finding('n2', 'Résumé parser', 'It drops the last line; see "quoted" text.'),
      finding('n3', 'Ports', 'The parser binds port 80 AND needs root OR a NOT.'),
    ];
    for (const note of notes) expect(await store.note(note)).toEqual(note);
    expect(await store.note({ ...finding('n1', 'Changed', 'Changed'), at: start + 1 })).toEqual(notes[0]);
    const found = async (words: string, limit = 10) => (await store.notes({ words, limit })).map(({ id }) => id);
    expect(await found('')).toEqual(['n3', 'n2', 'n1']);
    expect(await found('', 1)).toEqual(['n3']);
    expect(await found('cache')).toEqual(['n1']);
    expect(await found('PARSER')).toEqual(['n2', 'n3']);
    expect(await found('parser', 1)).toEqual(['n2']);
    expect(await found('resume line')).toEqual(['n2']);
    expect((await found('src/n1.ts'))[0]).toBe('n1');
    for (const words of ['"', "'; DROP TABLE finding; --", '* ( ) ^ NEAR', 'quoted"', 'title:x', '😀', '-']) {
      expect(await store.notes({ words, limit: 10 })).toBeInstanceOf(Array);
    }
    expect(await found('nowhere')).toEqual([]);
    expect((await store.events({ since: 2 })).map(({ body, task }) => [body.type, task])).toEqual(
      notes.map(() => ['finding-noted', '001/T1']),
    );
  },

  'A1 a change by one handle rings at the other, and shows there at once': async ({ store, other }) => {
    await load(store, [draftTask('T1')]);
    const rung = Promise.withResolvers<void>();
    using _watch = other.watch(() => rung.resolve());
    await store.execute('001/T1', { type: 'hold', why: 'later' }, { actor: 'x', now: start, durable: false });
    expect((await other.task('001/T1'))?.task.hold?.why).toBe('later');
    await rung.promise;
  },
};
