/** What an adapter promises of a session: its turn can be ended while it lives on, and another process can go on with it. */
import { expect } from 'vitest';
import { makePlace } from './direct-session.ts';
import type { Scenario } from './model-server/scenario.ts';
import type { Case } from './suite.ts';

const scenarios: Readonly<Record<string, Scenario>> = {
  endless: {
    steps: [{ do: 'shell', command: 'tail -f /dev/null' }],
    onHint: [{ match: 'ORBIT-HINT', steps: [{ do: 'say', text: 'I go on with ORBIT-HINT.' }] }],
  },
  first: {
    steps: [
      { do: 'shell', command: 'echo one' },
      { do: 'say', text: 'The first part is done.' },
    ],
    onHint: [{ match: 'ORBIT-HINT', steps: [{ do: 'say', text: 'The second part is done.' }] }],
  },
};

export const sessionCases: Readonly<Record<string, Case>> = {
  interrupt: {
    rows: 'P10',
    what: 'a turn is ended in the middle of a tool call, and the session goes on',
    play: async (_, subject) => {
      const place = await makePlace(subject, scenarios);
      const agent = await place.start('Wait. [scenario:endless]');
      await agent.until('tool-call');
      expect(await agent.session.interrupt()).toBe(true);
      expect(await agent.until('turn-end')).toMatchObject({ reason: 'interrupted' });
      expect(await agent.session.hint('ORBIT-HINT: go on')).not.toBe('unsupported');
      await agent.until('turn-end', ({ reason }) => reason === 'completed');
      expect(place.server.exchanges.some(({ hints }) => hints.some((hint) => hint.includes('ORBIT-HINT')))).toBe(true);
    },
  },
  resume: {
    rows: 'P10 B6',
    what: 'another process goes on with a session, and the model still knows what was',
    play: async (_, subject) => {
      const place = await makePlace(subject, scenarios);
      const first = await place.start('Begin. [scenario:first]');
      await first.until('turn-end');
      const { id } = await first.until('session');
      await first.stop();
      const second = await place.start('ORBIT-HINT: go on', id);
      await second.until('turn-end');
      expect((await second.until('session')).id).toBe(id);
      const last = place.server.exchanges.findLast(({ scenario }) => scenario === 'first');
      expect(last).toMatchObject({ list: 'onHint0', step: 'say' });
      expect(JSON.stringify(last?.body)).toContain('The first part is done.');
    },
  },
};
