/**
 * An agent's program: where it is, how it is started, which version it is, and whether it speaks the protocol.
 *
 * Programs in JavaScript run on Orbit's own Node.js: the one on the PATH may be older than they can bear. Their version stands in their
 * package, so that nobody has to start half a gigabyte to ask for it.
 */
import { openSync, closeSync, readFileSync, readSync, realpathSync } from 'node:fs';
import { dirname, isAbsolute, join } from 'node:path';
import type { AgentSettings } from '../agent.ts';
import { agentProgram, askProgram } from '../ask-program.ts';
import { fieldsIn, nameIn } from '../fields.ts';
import type { Launch } from './launch.ts';

export interface Where {
  /** The project's top: relative paths in the settings start there. */
  directory: string;
  path: string;
}

export interface AcpProgram {
  /** What is started, with its leading arguments. */
  command: string;
  args: readonly string[];
  /** The file that was found, or the script that it runs, links resolved. */
  file: string;
}

export function findAcpProgram(
  settings: AgentSettings,
  launch: Pick<Launch, 'program' | 'package'>,
  where: Where,
): AcpProgram | { fault: string } {
  const found = agentProgram(settings, launch.program === null ? [] : [launch.program], where);
  if ('fault' in found) {
    const isUsual = settings.command === undefined && launch.package !== null;
    return isUsual ? { fault: `${found.fault}; it is installed with: ${installing(launch.package)}` } : found;
  }
  const file = realpathSync(found.path);
  if (runsOnNode(file)) return { command: process.execPath, args: [file, ...found.args], file };
  return { command: found.path, args: found.args, file: scriptOf(found.args) ?? file };
}

/** What is wrong with the program, or `null`. */
export async function acpFault(settings: AgentSettings, launch: Launch, where: Where): Promise<string | null> {
  const program = findAcpProgram(settings, launch, where);
  if ('fault' in program) return program.fault;
  const fault = launch.fault(process.env);
  if (fault !== null || launch.package === null) return fault;
  const version = versionInPackage(program.file, launch.package.name);
  // What was tried needs no question; any other version tells by its help whether it knows the protocol.
  if (version === launch.package.testedVersion) return null;
  const help = await askProgram({ command: program.command, args: [...program.args, '--help'], path: where.path });
  if ('fault' in help) return help.fault;
  if (/(?:^|\s)--acp\b/.test(help.text)) return null;
  const found = version === null ? 'tells no version' : `is version ${version}`;
  return `${program.file} ${found} and does not know --acp; Orbit needs what ${launch.package.testedVersion} has: ${installing(launch.package)}`;
}

/** `1.0.102`, or `null` where nobody tells. Never throws. */
export async function acpVersion(settings: AgentSettings, launch: Launch, where: Where): Promise<string | null> {
  const program = findAcpProgram(settings, launch, where);
  // An agent that Orbit does not know may take a flag it does not know for a session.
  if ('fault' in program || launch.package === null) return null;
  const inPackage = versionInPackage(program.file, launch.package.name);
  if (inPackage !== null) return inPackage;
  const answer = await askProgram({ command: program.command, args: [...program.args, '--version'], path: where.path });
  return 'fault' in answer ? null : (/\b\d+\.\d+\.\d+[\w-]*/.exec(answer.text)?.[0] ?? null);
}

function installing(known: Launch['package']): string {
  return known === null ? '' : `npm install -g ${known.name}@${known.testedVersion}`;
}

/** Of a command such as `node /path/of/gemini`: the script, links resolved. */
function scriptOf([script]: readonly string[]): string | null {
  try {
    return script !== undefined && isAbsolute(script) ? realpathSync(script) : null;
  } catch {
    return null;
  }
}

/** A script whose first line asks for `node`. */
function runsOnNode(file: string): boolean {
  return /^#!\s*\S*(?:\/env\s+(?:-S\s+)?node|\/node)\b/.test(firstBytes(file));
}

function firstBytes(file: string): string {
  try {
    const handle = openSync(file, 'r');
    try {
      const bytes = Buffer.alloc(128);
      return bytes.toString('latin1', 0, readSync(handle, bytes));
    } finally {
      closeSync(handle);
    }
  } catch {
    return '';
  }
}

/** Folders above a program in which its package may begin. */
const levelsMax = 4;

function versionInPackage(file: string, name: string): string | null {
  let folder = dirname(file);
  for (let level = 0; level < levelsMax; level += 1, folder = dirname(folder)) {
    try {
      const fields = fieldsIn(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')));
      if (fields['name'] === name) return nameIn(fields['version']);
    } catch {
      // No package begins here.
    }
  }
  return null;
}
