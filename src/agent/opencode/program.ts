/** OpenCode's program: where it is, which version it has, and whether that is new enough. */
import type { AgentSettings } from '../agent.ts';
import { agentProgram, askProgram } from '../ask-program.ts';

/** The version that this adapter was tried with. */
const triedVersion = '1.18.33';
/** Its stream of events and its answers are those of the tried version from here on. */
const oldestVersion: readonly [number, number] = [1, 18];
const install = `npm install --global opencode-ai@${triedVersion}`;

export interface Where {
  directory: string;
  path: string;
}

/** The program and its leading arguments, or a sentence on why there is none and what to do. */
export function findOpenCode(settings: AgentSettings, where: Where): readonly string[] | { fault: string } {
  const program = agentProgram(settings, ['opencode'], where);
  if (!('fault' in program)) return [program.path, ...program.args];
  return settings.command === undefined
    ? { fault: `${program.fault}; OpenCode is installed with: ${install}` }
    : program;
}

/** What is wrong with the program, or `null`. */
export async function openCodeFault(settings: AgentSettings, where: Where): Promise<string | null> {
  const program = findOpenCode(settings, where);
  if ('fault' in program) return program.fault;
  const answer = await askVersion(program, where);
  if ('fault' in answer) return answer.fault;
  const needed = `Orbit needs ${oldestVersion.join('.')} or later: ${install}`;
  if (answer.version === null) return `${program[0]} does not tell its version as OpenCode does; ${needed}`;
  const [major = 0, minor = 0] = answer.version.split('.').map(Number);
  const [oldMajor, oldMinor] = oldestVersion;
  const isNewEnough = major > oldMajor || (major === oldMajor && minor >= oldMinor);
  return isNewEnough ? null : `${program[0]} is version ${answer.version}; ${needed}`;
}

/** `1.18.33`, or `null` where the program cannot be asked or tells something else. */
export async function openCodeVersion(settings: AgentSettings, where: Where): Promise<string | null> {
  const program = findOpenCode(settings, where);
  if ('fault' in program) return null;
  const answer = await askVersion(program, where);
  return 'fault' in answer ? null : answer.version;
}

async function askVersion(
  [command = '', ...args]: readonly string[],
  { path }: Where,
): Promise<{ version: string | null } | { fault: string }> {
  const answer = await askProgram({ command, args: [...args, '--version'], path });
  if ('fault' in answer) return answer;
  return { version: /^\s*v?(\d+\.\d+\.\d+\S*)\s*$/m.exec(answer.text)?.[1] ?? null };
}
