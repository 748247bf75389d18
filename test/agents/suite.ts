/**
 * What every agent's program is driven through: one scenario of the scripted model each, from the plan to what landed.
 *
 * A program that cannot do one of them says why in its own file, and README.md tells it too; nothing is left out silently.
 */
import { expect, test } from 'vitest';
import { startAgentRun, type AgentOrder, type AgentRun } from './agent-run.ts';
import { faultCases } from './fault-cases.ts';
import { sessionCases } from './session-cases.ts';
import type { Subject } from './subject.ts';
import { workCases } from './work-cases.ts';

export interface Case {
  /** Rows of the acceptance list that it proves. */
  rows: string;
  what: string;
  play(start: (order: AgentOrder) => Promise<AgentRun>, subject: Subject): Promise<void>;
}

/** Tests of one program. `cannot` names the cases that it cannot be put through, and why. */
export function agentSuite(subject: Subject, cannot: Readonly<Record<string, string>>): void {
  const cases: Readonly<Record<string, Case>> = { ...workCases, ...sessionCases, ...faultCases };
  for (const name of Object.keys(cannot)) if (!Object.hasOwn(cases, name)) throw new Error(`no case ${name}`);
  for (const [name, one] of Object.entries(cases)) {
    const said = `${one.rows} ${subject.name}: ${one.what}`;
    const why = subject.missing ?? cannot[name];
    const note = why === undefined ? '' : ` (not here: ${why})`;
    test(`${said}${note}`, async ({ skip }) => {
      skip(why !== undefined, why);
      expect.hasAssertions();
      await one.play(async (order) => startAgentRun(subject, order), subject);
    });
  }
}
