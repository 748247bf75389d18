import { UsageError } from '../../platform/error.ts';
import { oneLine } from '../../platform/text.ts';
import type { Context } from '../../actions/context.ts';
import type { AgentStanding } from '../../actions/agent-gate.ts';
import type { Command } from '../command.ts';
import { columns } from '../output.ts';
import { duration } from '../words.ts';

export const command: Command = {
  summary: 'Who works on what now, and whether the configured agents can work here.',
  usage: ['agents', 'agents check [NAME…] [--model M] [--timeout-s N] [--cost-usd N]'],
  examples: [
    ['orbit agents --json', 'status, step, process and branch of each live attempt, and the last check of each agent'],
    [
      'orbit agents check',
      'a small real task for each configured agent: can it read, write, run a command and report?',
    ],
    ['orbit agents check claude --model opus', 'one agent, with another model than the settings say'],
  ],
  flags: {
    model: { kind: 'text', value: 'M', about: 'With check: the model to check with.' },
    'timeout-s': { kind: 'number', least: 1, about: 'With check: seconds that one agent may take; 300 by default.' },
    'cost-usd': { kind: 'number', about: 'With check: money that one agent may spend, in US dollars; 1 by default.' },
  },
  words: { min: 0, max: 100, names: 'check and names' },
  async run(input, around) {
    const [verb] = input.words;
    if (verb !== undefined && verb !== 'check')
      throw new UsageError('bad-flag', `orbit agents knows no ${JSON.stringify(verb)}`, 'orbit agents check [NAME…]');
    const context = await around.project();
    if (verb === 'check') return (await import('../agents-check.ts')).checkVerb(context, input, around);
    const [{ listAgents }, { agentStandings }] = await Promise.all([
      import('../../actions/list-agents.ts'),
      import('../../actions/agent-gate.ts'),
    ]);
    const agents = await listAgents(context);
    const standings = await agentStandings(context);
    const rows = agents.map((one) => [
      one.agent,
      `${one.plan}/${one.task}`,
      one.status,
      one.byHand ? 'by hand' : `step ${one.step}`,
      one.pid === null ? '' : `pid ${one.pid}`,
      `quiet for ${duration(one.quietMs)}`,
      one.branch ?? '',
      oneLine(one.doing, 60),
    ]);
    const idle = ['Nobody is at work.', ...columns(standings.map((one) => standingRow(context, one)))];
    const accounts = await (await import('../../actions/resume-account.ts')).parkedAccounts(context);
    const parked = accounts.map(({ account, until, reason }) => ({ account, until: isoOf(until), reason }));
    const rest = parked.map(
      (one) => `account ${one.account} is parked until ${one.until}, then it goes on: ${oneLine(one.reason, 160)}`,
    );
    return {
      data: { agents, configured: standings.map(told), accounts: parked },
      text: [...(rows.length === 0 ? idle : columns(rows)), ...rest].join('\n'),
    };
  },
};

function isoOf(at: number | null): string {
  return new Date(at ?? 0).toISOString();
}

function standingRow({ clock }: Context, { agent, adapter, slots, check, isChecked, barred }: AgentStanding): string[] {
  const ago = check === null ? '' : `, ${duration(clock.now() - check.at)} ago`;
  const then = check !== null && !isChecked ? ' with other settings' : '';
  const word = check === null ? 'never checked' : `${check.passed ? 'passed' : 'did not pass'} its check${then}${ago}`;
  const low = barred === null ? '' : `gets no task: ${barred}`;
  return [agent, adapter, `${slots} at once`, word, oneLine(low, 160)];
}

function told({ agent, adapter, slots, check, barred }: AgentStanding): object {
  const last =
    check === null ? null : { passed: check.passed, reason: check.reason, at: new Date(check.at).toISOString() };
  return { agent, adapter, slots, check: last, barred };
}
