/** Cases of the store suite about checks of agents. */
import { expect } from 'vitest';
import { agentFingerprint, type AgentCheck } from '../../src/core/agent-check.ts';
import { start, type StoreCase } from './store-fixture.ts';

const check = (agent: string, model: string | null, changes: Partial<AgentCheck> = {}): AgentCheck => ({
  agent,
  adapter: 'claude',
  installed: true,
  version: '2.1.0',
  login: true,
  read: true,
  write: true,
  run: null,
  report: false,
  costUsd: 0.25,
  tokens: 1_200,
  elapsedMs: 4_000,
  passed: false,
  reason: 'it did not report "done"',
  fingerprint: agentFingerprint({ adapter: 'claude', version: '2.1.0', command: null, model }),
  at: start,
  ...changes,
});

export const agentCheckCases: Record<string, StoreCase> = {
  'C8 the last check of each agent and make is kept': async ({ store, other }) => {
    expect(await store.agentChecks()).toEqual([]);
    const seq = await store.lastSeq();
    await store.saveAgentCheck(check('claude', null));
    await other.saveAgentCheck(check('claude', 'opus'));
    await store.saveAgentCheck(check('codex', null, { adapter: 'codex' }));
    await other.saveAgentCheck(check('claude', null, { passed: true, at: start + 5 }));
    expect(await store.agentChecks()).toEqual([
      check('claude', 'opus'),
      check('claude', null, { passed: true, at: start + 5 }),
      check('codex', null, { adapter: 'codex' }),
    ]);
    expect(await other.agentChecks()).toEqual(await store.agentChecks());
    expect(await store.lastSeq()).toBe(seq);
  },
};
