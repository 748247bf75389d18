/**
 * The suite that every implementation of the store passes: each verb, each MUST of the port.
 *
 * Run by `store.test.ts` on all of them. Each case gets an empty store and leaves a sound one (`expectSound`).
 */
import { test } from 'vitest';
import { agentCheckCases } from './store-agent-check-cases.ts';
import { conflictCases } from './store-conflict-cases.ts';
import { approvalCases } from './store-approval-cases.ts';
import { claimCases } from './store-claim-cases.ts';
import { expectSound, type StoreUnderTest } from './store-fixture.ts';
import { ladderCases } from './store-ladder-cases.ts';
import { splitCases } from './store-split-cases.ts';
import { logCases } from './store-log-cases.ts';
import { planCases } from './store-plan-cases.ts';
import { targetCases } from './store-target-cases.ts';
import { trainCases } from './store-train-cases.ts';
import { stackCases } from './store-stack-cases.ts';
import { wordCases } from './store-word-cases.ts';

const cases = {
  ...planCases,
  ...targetCases,
  ...claimCases,
  ...logCases,
  ...wordCases,
  ...agentCheckCases,
  ...ladderCases,
  ...trainCases,
  ...splitCases,
  ...conflictCases,
  ...approvalCases,
  ...stackCases,
};

export function storeSuite(name: string, open: () => Promise<StoreUnderTest>): void {
  for (const [title, run] of Object.entries(cases)) {
    // oxlint-disable-next-line vitest/expect-expect -- the cases and `expectSound` hold them
    test(`${title} (${name})`, async () => {
      await using under = await open();
      await run(under);
      await expectSound(under.store);
    });
  }
}
