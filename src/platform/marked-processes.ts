/** Processes that carry the mark of an attempt: what Orbit wrote into the environment of its agent, and all that came from it. */
import { readEnvironment, readProcessTable } from './process-table.ts';

export interface MarkedProcess {
  token: number;
  pid: number;
  name: string;
}

/**
 * All of a project's on this machine, as far as they may be looked at; `null` where nobody can tell. It reads the environment of every
 * process: for a look now and then.
 *
 * @param project top of its main checkout.
 */
export function markedProcesses(project: string): MarkedProcess[] | null {
  // Elsewhere each would cost a process of its own.
  if (process.platform !== 'linux') return null;
  const mark = `ORBIT_PROJECT=${project}`;
  const found = readProcessTable()?.flatMap(({ pid, name, zombie }) => {
    const environment = zombie ? null : readEnvironment(pid);
    if (environment === null || !environment.includes(mark)) return [];
    const token = Number(environment.find((each) => each.startsWith('ORBIT_TOKEN='))?.slice('ORBIT_TOKEN='.length));
    return Number.isSafeInteger(token) && token > 0 ? [{ token, pid, name }] : [];
  });
  return found ?? null;
}
