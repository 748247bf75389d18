/**
 * A process that works on a SQLite store, for the tests that race and kill real ones.
 *
 * `node sqlite-worker.js <path> <verb> <name>`: says `ready`, waits for a line on standard input so that all open the file at
 * once, says `opened`, waits for another one, then prints one line for each acknowledged step.
 */
import { once } from 'node:events';
import { writeSync } from 'node:fs';
import { isRejection } from '../../src/core/rejection.ts';
import type { Store } from '../../src/store/store.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

const [path = '', verb = '', name = ''] = process.argv.slice(2);
const say = (line: string): number => writeSync(1, `${line}\n`);
const context = { actor: name, durable: false, now: 1_800_000_000_000 };

const verbs: Record<string, (store: Store) => Promise<void>> = {
  claim: claimAll,
  write: writeForever,
};

say('ready');
await once(process.stdin, 'data');
try {
  await using store = await openSqliteStore({ path, busyMs: 30_000 });
  await store.record({ type: 'clock-jumped', gapMs: 1 }, name, context.now);
  say('opened');
  await once(process.stdin, 'data');
  process.stdin.destroy();
  await verbs[verb]?.(store);
} catch (error) {
  say(`error ${String(error)}`);
  process.exit(1);
}

/** Claims and finishes until nothing is left. */
async function claimAll(store: Store): Promise<void> {
  const where = {
    plan: null,
    task: null,
    byHand: false,
    leaseMs: 30_000,
    shared: [],
    base: null,
    workspace: null,
    branch: null,
  };
  for (;;) {
    const answer = await store.claim({ agent: name, ...where }, name, context.now);
    if (isRejection(answer)) {
      const open = await store.tasks({ status: ['ready', 'blocked', 'running'], limit: 1 }, context.now);
      if (open.length === 0) return;
      continue;
    }
    const { token, task } = answer;
    say(`claimed ${task.key} ${token}`);
    const found = {
      commit: 'c'.repeat(40),
      base: null,
      tree: null,
      branch: null,
      commits: 1,
      files: 1,
      checks: [],
      noChanges: null,
    };
    const evidence = { token, agent: name, at: context.now, ...found };
    const proved = await store.execute(task.key, { type: 'prove', token, evidence }, context);
    say(isRejection(proved) ? `error ${proved.code}` : `proved ${task.key}`);
  }
}

/** Writes until killed; what it has said is acknowledged. */
async function writeForever(store: Store): Promise<void> {
  for (let count = 1; ; count += 1) {
    const answer = await store.execute('001/T1', { type: 'advise', advice: `${name} ${count}` }, context);
    if (isRejection(answer)) throw new Error(answer.message);
    const [event] = answer.events;
    say(`wrote ${event?.seq} ${event?.hash}`);
  }
}
