/** Accounts that rest, as seen by a coordinator that looks, sleeps and goes on (P6, I16). */
import { expect, test } from 'vitest';
import { start } from '../../test/conformance/store-fixture.ts';
import { wrapMethods } from '../../test/simulation/wrap-methods.ts';
import { openMemoryStore } from '../store/memory/memory-store.ts';
import type { Store } from '../store/store.ts';
import { giveOut } from './give-out.ts';
import type { CoordinatorPorts, CoordinatorSettings } from './ports.ts';
import { newCoordinatorState } from './state.ts';

const rule = { waitMs: 300_000, waitMsMax: 3_600_000 };

/** One pass with no agents; `then` happens once the accounts were read. */
async function pass(store: Store, now: number, then: () => Promise<unknown>): Promise<void> {
  const slow = wrapMethods(store, (name, method) => async (...args) => {
    const answer = await method(...args);
    if (name === 'accounts') await then();
    return answer;
  });
  const clock = { now: () => now, monotonicMs: () => now, sleep: async () => undefined };
  const settings: Partial<CoordinatorSettings> = { agents: [], plans: [], parallelMax: null };
  const ports: Partial<CoordinatorPorts> = { store: slow, clock };
  await giveOut(ports as CoordinatorPorts, settings as CoordinatorSettings, newCoordinatorState());
}

test('P6 I16 a coordinator that slept before it opens an account does not open the parking that came since', async () => {
  const store = openMemoryStore();
  const order = { account: 'work', reason: 'limit', rule };
  await store.parkAccount({ ...order, until: start + 60_000 }, 'claude-1', start);
  const due = start + 60_000;
  await pass(store, due, async () => {
    await pass(store, due, async () => undefined);
    await store.parkAccount({ ...order, until: due + 900_000 }, 'claude-1', due + 10_000);
  });
  expect(await store.accounts()).toMatchObject([{ account: 'work', until: due + 900_000 }]);
  await pass(store, due + 900_000, async () => undefined);
  expect(await store.accounts()).toMatchObject([{ account: 'work', until: null }]);
});
