/** How work goes when the model does its part, more or less: reports, hints, steering, evidence, what is left behind. */
import { expect } from 'vitest';
import { processesNear } from './agent-run.ts';
import type { Case } from './suite.ts';

export const workCases: Readonly<Record<string, Case>> = {
  happy: {
    rows: 'P10 B4',
    what: 'works, commits, reports and lands',
    play: async (start) => {
      const agent = await start({ scenario: 'happy' });
      const { code, summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, attempts: 1, needsYou: 0 });
      expect([code, agent.landed('out.txt')]).toEqual([0, 'done']);
    },
  },
  mcp: {
    rows: 'P10 B4',
    what: 'reports by a tool of the MCP server',
    play: async (start) => {
      const agent = await start({ scenario: 'mcp' });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, attempts: 1 });
      expect(agent.asked().some(({ calls }) => calls.some((call) => call.includes('complete')))).toBe(true);
    },
  },
  words: {
    rows: 'B4',
    what: 'a turn that ends without a report is asked for one, and the evidence decides',
    play: async (start) => {
      const agent = await start({ scenario: 'words' });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, attempts: 1 });
    },
  },
  nudge: {
    rows: 'D11 P10',
    what: 'a nudge reaches the model at work',
    play: async (start) => {
      const agent = await start({ scenario: 'hint s=2' });
      await agent.seen(({ scenario, results }) => scenario === 'hint' && results >= 1);
      const told = await agent.project.orbit('nudge', 'T001', 'ORBIT-HINT: write the file now');
      expect(told.code).toBe(0);
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, attempts: 1 });
      expect(agent.asked().some(({ hints }) => hints.some((hint) => hint.includes('ORBIT-HINT')))).toBe(true);
    },
  },
  cancel: {
    rows: 'D11 I15',
    what: 'a task that is cancelled in the middle of a tool call leaves nothing behind',
    play: async (start) => {
      const agent = await start({ scenario: 'sleep s=600' });
      await agent.seen(({ calls }) => calls.length > 0);
      await expect
        .poll(() => processesNear(agent.project).some(({ command }) => command === 'tail -f /dev/null'))
        .toBe(true);
      await agent.project.orbit('cancel', 'T001');
      await agent.end();
      expect(agent.landed('out.txt')).toBeNull();
    },
  },
  crash: {
    rows: 'E9 P10',
    what: 'a program that is killed in the middle of its work is followed by another attempt',
    play: async (start) => {
      const agent = await start({ scenario: 'hang-once' });
      await agent.seen(({ step }) => step === 'hang');
      const store = await agent.project.store();
      const [attempt] = await store.attempts({ live: true });
      await store[Symbol.asyncDispose]();
      process.kill(attempt?.pulse.agent?.pid ?? 0, 'SIGKILL');
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, attempts: 2 });
    },
  },
  lies: {
    rows: 'B4',
    what: 'what says that it is done, with nothing done, is told so and then not believed',
    play: async (start) => {
      const agent = await start({ scenario: 'lies', settings: { budget: { attempts: 1 } } });
      const { code, summary } = await agent.end();
      expect([code, summary?.landed, summary?.needsYou]).toEqual([4, 0, 1]);
      expect(agent.events('agent-hinted').some(({ data }) => data['by'] === 'completion')).toBe(true);
    },
  },
  mends: {
    rows: 'B4',
    what: 'what is missing comes back to the same session, which then does it',
    play: async (start) => {
      const agent = await start({ scenario: 'lies-then-works' });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, attempts: 1 });
    },
  },
  scope: {
    rows: 'B4',
    what: 'work outside its scope is refused',
    play: async (start) => {
      const agent = await start({ scenario: 'outside', files: 'out.txt', settings: { budget: { attempts: 1 } } });
      const { code, summary } = await agent.end();
      expect([code, summary?.landed]).toEqual([4, 0]);
      expect(agent.landed('outside.txt')).toBeNull();
      expect(summary?.left[0]?.reason).toContain('outside.txt');
    },
  },
  'scope-heeds': {
    rows: 'B4',
    what: 'work outside its scope comes back and is mended',
    play: async (start) => {
      const agent = await start({ scenario: 'outside-heeds', files: 'out.txt' });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, attempts: 1 });
      expect([agent.landed('outside.txt'), agent.landed('out.txt')]).toEqual([null, 'done']);
    },
  },
  blocker: {
    rows: 'B6',
    what: 'what stands in the way becomes a task of its own, which comes first; then the work goes on where it stood',
    play: async (start) => {
      const agent = await start({ scenario: 'blocks' });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 2, needsYou: 0 });
      expect([agent.landed('half.txt'), agent.landed('first.txt')]).toEqual(['half', 'done']);
      expect(agent.asked().some(({ step, calls }) => step === 'shell' && calls.length > 0)).toBe(true);
    },
  },
  daemon: {
    rows: 'I15',
    what: 'a process that left group, session and environment is gone afterwards',
    play: async (start) => {
      const agent = await start({ scenario: 'daemon' });
      await agent.seen(({ results }) => results === 1);
      const { summary } = await agent.end();
      expect(agent.server.exchanges.find(({ results }) => results === 1)?.lastResult).toContain('started');
      expect(summary).toMatchObject({ landed: 1 });
    },
  },
};
