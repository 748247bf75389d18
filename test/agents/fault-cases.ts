/** How work goes when the model or its service does not: loops, silence, broken streams, errors, walls, full windows, spent budgets. */
import { expect } from 'vitest';
import type { Case } from './suite.ts';

/** One attempt, so that its end is the task's. */
const once = { budget: { attempts: 1 } } as const;

/** Silence shows within seconds. */
const impatient = { supervision: { stallHintS: 4, stallActS: 8 } } as const;

export const faultCases: Readonly<Record<string, Case>> = {
  loop: {
    rows: 'C4',
    what: 'the same call again and again is hinted at and then ended',
    play: async (start) => {
      const agent = await start({ scenario: 'loop', settings: once });
      const { code, summary } = await agent.end();
      expect([code, summary?.landed, summary?.needsYou]).toEqual([4, 0, 1]);
      expect(agent.events('agent-hinted').map(({ data }) => data['by'])).toContain('supervision');
    },
  },
  'loop-heeds': {
    rows: 'C4 P5',
    what: 'one that heeds the hint of supervision lands in the same attempt',
    play: async (start) => {
      const agent = await start({ scenario: 'loop-heeds' });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, attempts: 1 });
    },
  },
  'loop-again': {
    rows: 'C4 E9',
    what: 'a fresh session with what failed goes another way',
    play: async (start) => {
      const agent = await start({ scenario: 'loop-then-works' });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, attempts: 2 });
    },
  },
  hang: {
    rows: 'C6 E9',
    what: 'a model that never answers is noticed, and the next attempt lands',
    play: async (start) => {
      const agent = await start({ scenario: 'hang-once', settings: impatient });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, attempts: 2 });
    },
  },
  stall: {
    rows: 'C6 E9',
    what: 'a stream that falls silent is noticed, and the next attempt lands',
    play: async (start) => {
      const agent = await start({ scenario: 'stall-once', settings: impatient });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1 });
    },
  },
  'slow-tool': {
    rows: 'C6 P5',
    what: 'a command that takes longer than a stall is left alone',
    play: async (start) => {
      const agent = await start({ scenario: 'sleep s=10', settings: impatient });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, attempts: 1 });
    },
  },
  'limit-short': {
    rows: 'P6',
    what: 'a short wait that the service asks for is only a wait',
    play: async (start) => {
      const agent = await start({ scenario: 'limit-short' });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1 });
      expect(agent.events('task-escalated')).toEqual([]);
    },
  },
  'limit-reset': {
    rows: 'P6',
    what: 'a wall with a time parks the account until then and counts no attempt',
    play: async (start) => {
      const agent = await start({ scenario: 'limit-reset' });
      const parked = await agent.run.until(({ type }) => type === 'account-parked');
      const restMs = Number(parked.data['until']) - Date.parse(parked.at);
      expect(parked.data).toMatchObject({ known: true });
      // Programs tell an hour in their own ways.
      expect(Math.abs(restMs - 3_600_000)).toBeLessThan(1_000_000);
      agent.run.signal('SIGINT');
      await agent.end();
      expect(agent.events('task-escalated')).toEqual([]);
    },
  },
  limit: {
    rows: 'P6',
    what: 'a wall without a time parks the account for a while, and then the work goes on',
    play: async (start) => {
      const agent = await start({
        scenario: 'wall',
        scenarios: {
          wall: {
            steps: [
              { do: 'error', status: 429, times: 6 },
              { do: 'shell', command: 'echo done > out.txt && git add out.txt && git commit -q -m "Add out.txt"' },
              { do: 'shell', command: 'orbit complete "$ORBIT_TASK"' },
              { do: 'say', text: 'Done.' },
            ],
          },
        },
      });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, needsYou: 0 });
    },
  },
  overloaded: {
    rows: 'E9',
    what: 'a service that is overloaded for a moment is waited for',
    play: async (start) => {
      const agent = await start({ scenario: 'overloaded-twice' });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, attempts: 1 });
    },
  },
  storm: {
    rows: 'E9 P10',
    what: 'a service that stays overloaded ends with a person',
    play: async (start) => {
      const agent = await start({ scenario: 'overloaded', settings: once });
      const { code, summary } = await agent.end();
      expect([code, summary?.landed, summary?.needsYou]).toEqual([4, 0, 1]);
    },
  },
  login: {
    rows: 'C8 E9 P6 P10',
    what: 'a key that is refused ends the attempt at once, bars the agent, and the reason says so',
    play: async (start) => {
      const agent = await start({ scenario: 'login' });
      const { code, summary } = await agent.end();
      expect([code, summary?.attempts, summary?.needsYou]).toEqual([4, 1, 1]);
      expect(summary?.left[0]?.reason).toMatch(/401|key|log(ged)? ?in|auth/i);
      expect(agent.asked().length).toBeLessThan(8);
    },
  },
  cut: {
    rows: 'E9 P10',
    what: 'a stream that breaks is begun again, by the program or by another attempt',
    play: async (start) => {
      const agent = await start({ scenario: 'cut-twice', settings: { budget: { attempts: 3 } } });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1 });
    },
  },
  context: {
    rows: 'B5',
    what: 'a full context is followed by a fresh agent that goes on from the work',
    play: async (start) => {
      const agent = await start({ scenario: 'context' });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, needsYou: 0 });
    },
  },
  notes: {
    rows: 'B5',
    what: 'a context that fills up is handed over with notes',
    play: async (start, { fills }) => {
      const agent = await start({ scenario: fills });
      const { summary } = await agent.end();
      expect(summary).toMatchObject({ landed: 1, needsYou: 0 });
    },
  },
  budget: {
    rows: 'P7 I11 I16',
    what: 'one that spends more than its budget is ended and asks a person',
    play: async (start) => {
      const agent = await start({ scenario: 'spends', settings: { budget: { costUsd: 2 } } });
      const { code, summary } = await agent.end();
      expect([code, summary?.landed, summary?.needsYou]).toEqual([4, 0, 1]);
      expect(summary?.left[0]?.reason).toMatch(/cost|budget|\$|USD/i);
    },
  },
};
