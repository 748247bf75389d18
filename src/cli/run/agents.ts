/** Which agents a run uses: what `--agents` says, else the settings, and whether they can be started at all. */
import type { Context } from '../../actions/context.ts';
import { thinkingLevels } from '../../core/thinking.ts';
import type { Wish } from '../../core/rung.ts';
import { OperationalError, UsageError } from '../../platform/error.ts';
import { agentEntry, knownAgents } from '../../platform/known-agents.ts';
import type { Settings } from '../../platform/settings.ts';
import type { Input } from '../command.ts';

/** `claude:3,sh` → slots by agent; without the flag the settings say. Throws `UsageError` `unknown-agent`, `bad-flag`. */
export function readAgents(text: string | null, settings: Settings): { name: string; slots: number }[] {
  const known = Object.keys(settings.agents);
  if (text === null && known.length === 0) {
    throw new UsageError(
      'unknown-agent',
      'no agent is configured in orbit.config.json',
      `name one: orbit run --agents claude:2 (without settings: ${knownAgents.join(', ')}); or add one, for example "agents": { "sh": { "adapter": "command", "command": ["./agent.sh"], "slots": 2 } }`,
    );
  }
  if (text === null) return Object.entries(settings.agents).map(([name, { slots }]) => ({ name, slots }));
  return text.split(',').map((part) => {
    const [name = '', slots, ...more] = part.trim().split(':');
    const entry = agentEntry(settings, name);
    if (entry === null)
      throw new UsageError(
        'unknown-agent',
        `there is no agent ${JSON.stringify(name)} in orbit.config.json`,
        `known: ${[...new Set([...known, ...knownAgents])].join(', ')}`,
      );
    const number = slots === undefined ? entry.slots : Number(slots);
    if (!Number.isInteger(number) || number < 1 || more.length > 0)
      throw new UsageError(
        'bad-flag',
        `--agents: ${JSON.stringify(part)} is not NAME:SLOTS`,
        'orbit run 001 --agents claude:3,sh:1',
      );
    return { name, slots: number };
  });
}

/** What `--model` and `--thinking` ask for. Throws `UsageError` `bad-flag`: models are named differently by each agent. */
export function readWish(input: Input, agents: number): Wish {
  const [model, thinking] = [input.text('model'), input.text('thinking')];
  if (model !== null && agents > 1)
    throw new UsageError(
      'bad-flag',
      '--model needs one agent: each names its models in its own way',
      'orbit run --task T031 --agents claude --model opus',
    );
  const level = thinkingLevels.find((one) => one === thinking) ?? null;
  if (thinking !== null && level === null)
    throw new UsageError(
      'bad-flag',
      `--thinking: there is no level ${JSON.stringify(thinking)}`,
      `known: ${thinkingLevels.join(', ')}`,
    );
  return { model, thinking: level };
}

/**
 * Tells of agents whose program is not there. Throws `OperationalError` `agent-not-startable` where no agent is left: each task
 * would use up its attempts on that.
 */
export async function requireStartable(
  context: Context,
  names: readonly string[],
  say: (text: string) => void,
): Promise<void> {
  const { barredAgents } = await import('../../actions/agent-gate.ts');
  const all = await context.settings();
  const barred = await barredAgents(context);
  const faults: string[] = [];
  for (const name of names) {
    const settings = agentEntry(all, name);
    if (settings === null) continue;
    const fault = await context.agentFault(settings);
    const low = barred.get(name);
    if (fault !== null) faults.push(`agent ${name} cannot be started: ${fault}`);
    else if (low !== undefined) faults.push(`${low}; it gets no task until orbit agents check ${name} passes`);
  }
  if (faults.length < names.length) return faults.forEach((fault) => say(fault));
  const hint = `mend ${names.map((name) => `agents.${name}`).join(', ')} in orbit.config.json; nothing was begun`;
  throw new OperationalError('agent-not-startable', faults.join('\n'), { hint });
}
