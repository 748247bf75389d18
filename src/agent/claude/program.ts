/**
 * Claude Code's program: where it is, which version it is, and whether it can do what a session needs.
 *
 * Behaviour decides, not the number: a program that knows all the flags is new enough.
 */
import type { AgentSettings } from '../agent.ts';
import { agentProgram, askProgram, type Asked } from '../ask-program.ts';
import { neededFlags } from './command-line.ts';

/** The version that this adapter was tried with: what is told to those who have none, or one that is too old. */
const testedVersion = '2.1.329';
const install = `npm install -g @anthropic-ai/claude-code@${testedVersion}`;

export interface Where {
  directory: string;
  path: string;
}

/** The program and its leading arguments, or a sentence on why there is none and what to do. */
export function findClaude(
  settings: AgentSettings,
  where: Where,
): { path: string; args: readonly string[] } | { fault: string } {
  const program = agentProgram(settings, ['claude'], where);
  if (!('fault' in program)) return program;
  return settings.command === undefined
    ? { fault: `${program.fault}; Claude Code is installed with: ${install}` }
    : program;
}

/** What is wrong with the program, or `null`. */
export async function claudeFault(settings: AgentSettings, where: Where): Promise<string | null> {
  const program = findClaude(settings, where);
  if ('fault' in program) return program.fault;
  const help = await ask(program, '--help', where);
  if ('fault' in help) return help.fault;
  const missing = neededFlags.filter((flag) => !help.text.includes(flag));
  if (missing.length === 0) return null;
  const version = await claudeVersion(settings, where);
  const found = version === null ? 'tells no version' : `is version ${version}`;
  return `${program.path} ${found} and does not know ${missing.join(', ')}; Orbit needs what ${testedVersion} has: ${install}`;
}

/** `2.1.329`, or `null` where the program cannot be asked or tells something else. */
export async function claudeVersion(settings: AgentSettings, where: Where): Promise<string | null> {
  const program = findClaude(settings, where);
  if ('fault' in program) return null;
  const answer = await ask(program, '--version', where);
  return 'fault' in answer ? null : (/\b\d+\.\d+\.\d+[\w.-]*/.exec(answer.text)?.[0] ?? null);
}

async function ask(
  program: { path: string; args: readonly string[] },
  flag: string,
  { path }: Where,
): Promise<Asked | { fault: string }> {
  return askProgram({ command: program.path, args: [...program.args, flag], path });
}
