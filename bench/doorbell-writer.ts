/** The other process of `doorbell.ts`: stamps and writes what it is told to, once a message. */
import { writeFileSync } from 'node:fs';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';

const [path = '', file = ''] = process.argv.slice(2);
const store = await openSqliteStore({ path, busyMs: 10_000 });

process.on('message', (what) => {
  const stamp = process.hrtime.bigint();
  if (what === 'bare') writeFileSync(file, String(stamp));
  else void claim(`a${stamp}`);
});
process.on('disconnect', () => process.exit(0));
process.send?.('ready');

async function claim(agent: string): Promise<void> {
  const order = {
    agent,
    plan: '001',
    task: null,
    byHand: true,
    leaseMs: 60_000,
    shared: [],
    base: null,
    workspace: null,
    branch: null,
  };
  await store.claim(order, 'bench', Date.now());
}
