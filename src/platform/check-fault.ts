/**
 * Why a check can never run, told before anybody works for it.
 *
 * Owns the line between what is known and what is not: only what no task and no set-up command can change is `certain`.
 */
import { isAbsolute, normalize } from 'node:path';
import { parseCommands } from './command-words.ts';
import { findProgram } from './process.ts';

export interface CheckFault {
  why: string;
  /** False where set-up, a task, or an earlier command of the same line may still make the program. */
  certain: boolean;
}

export interface CheckPlace {
  /** The PATH that checks are run with. */
  path: string;
  /** Whether set-up commands run before checks. */
  hasSetUp: boolean;
  /** Paths of the tree that checks begin with; `null`: not known, so nothing is said about them. */
  tree: ReadonlySet<string> | null;
  /** Files and folders that are brought into every checkout. */
  bring: readonly string[];
}

/** The first thing that keeps a check from running, the certain ones first; `null`: nothing that can be seen from here. */
export function checkFault(check: string, place: CheckPlace): CheckFault | null {
  const commands = parseCommands(check);
  if ('fault' in commands) return { why: commands.fault, certain: true };
  const faults = commands.flatMap(({ program, environment }, index) => {
    if (program.includes('/') && !isAbsolute(program)) return relativeFault(program, place);
    const found = findProgram(program, environment['PATH'] ?? place.path);
    // `npm ci` and the like may install anything, as may what runs before it in the same line.
    return 'fault' in found ? [{ why: found.fault, certain: !place.hasSetUp && index === 0 }] : [];
  });
  return faults.find(({ certain }) => certain) ?? faults[0] ?? null;
}

function relativeFault(program: string, { tree, bring }: CheckPlace): CheckFault[] {
  const file = normalize(program);
  const isBrought = bring.some((entry) => `${file}/`.startsWith(`${normalize(entry).replace(/\/$/, '')}/`));
  if (tree === null || tree.has(file) || isBrought) return [];
  return [{ why: `program ${file} is not in the tree yet that work starts from`, certain: false }];
}
