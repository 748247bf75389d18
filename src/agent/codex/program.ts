/** The program `codex`: where it is, which version it is, and whether that will do. */
import type { AgentSettings } from '../agent.ts';
import { agentProgram, askProgram } from '../ask-program.ts';

/** The oldest version whose app-server was seen to start, steer and interrupt turns as this adapter has it do. */
const oldestVersion = '0.166.0';
/** The version that this adapter was tried with. */
const testedVersion = '0.169.0';
const install = `npm install -g @openai/codex@${testedVersion}`;

export interface Where {
  /** The project's top. */
  directory: string;
  path: string;
}

interface Program {
  path: string;
  /** Arguments before Orbit's own, from the settings. */
  args: readonly string[];
}

/** The program and its leading arguments, or a sentence on why there is none and what to do. */
export function findCodex(settings: AgentSettings, where: Where): Program | { fault: string } {
  const program = agentProgram(settings, ['codex'], where);
  if (!('fault' in program) || settings.command !== undefined) return program;
  return { fault: `${program.fault}; Codex is installed with: ${install}` };
}

/** What is wrong with the program, or `null`. */
export async function codexFault(settings: AgentSettings, where: Where): Promise<string | null> {
  const program = findCodex(settings, where);
  if ('fault' in program) return program.fault;
  const answer = await ask(program, where);
  if ('fault' in answer) return `${answer.fault}; Codex is installed with: ${install}`;
  if (!isOlder(answer.version, oldestVersion)) return null;
  return `${program.path} is Codex ${answer.version}, but Orbit needs ${oldestVersion} or later: ${install}`;
}

/** `0.169.0`, or `null` where the program cannot be asked or tells something else. */
export async function codexVersion(settings: AgentSettings, where: Where): Promise<string | null> {
  const program = findCodex(settings, where);
  if ('fault' in program) return null;
  const answer = await ask(program, where);
  return 'fault' in answer ? null : answer.version;
}

/** `codex --version` prints `codex-cli 0.169.0`. */
async function ask({ path, args }: Program, where: Where): Promise<{ version: string } | { fault: string }> {
  const answer = await askProgram({ command: path, args: [...args, '--version'], path: where.path });
  if ('fault' in answer) return answer;
  const version = /\bcodex\S* (\d+\.\d+\.\d+[\w.-]*)/.exec(answer.text)?.[1];
  if (version !== undefined) return { version };
  const said = answer.text.trim().slice(0, 300) || `nothing (exit code ${answer.exitCode ?? 'unknown'})`;
  return { fault: `${path} --version tells no version of Codex but ${said}` };
}

/** Compares the three numbers; what follows them does not count. */
function isOlder(version: string, than: string): boolean {
  const [mine, theirs] = [version, than].map((text) => text.split('.', 3).map((part) => Number.parseInt(part, 10)));
  const at = mine?.findIndex((number, index) => number !== theirs?.[index]) ?? -1;
  return at >= 0 && (mine?.[at] ?? 0) < (theirs?.[at] ?? 0);
}
