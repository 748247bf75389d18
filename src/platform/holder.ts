/**
 * The name that a coordinator leads under: which process it is, so that another can see that it is gone.
 *
 * Owns its form, `<host> <pid> <start stamp> <id>`. A name that does not have it belongs to nobody who can be looked at.
 */
import { hostname } from 'node:os';
import { lookAtProcess, processIdentity } from './process.ts';

/** @param id makes it unique, also for two coordinators of one process. */
export function holderName(id: string): string {
  const stamp = processIdentity(process.pid)?.startedAt ?? '';
  return `${hostname()} ${process.pid} ${stamp.replaceAll(' ', '_')} ${id}`;
}

/** The same for a person: `process 4711 on mars`. */
export function tellHolder(holder: string): string {
  const [host = '', pid = ''] = holder.split(' ');
  return /^\d+$/.test(pid) ? `process ${pid} on ${host}` : holder;
}

/** Whether the process of that name is seen to be gone; `false` where nobody can tell. */
export function isHolderGone(holder: string): boolean {
  const [host = '', pid = '', stamp = ''] = holder.split(' ');
  if (!/^\d+$/.test(pid)) return false;
  return lookAtProcess({ host, pid: Number(pid), startedAt: stamp.replaceAll('_', ' ') }) === 'gone';
}
