/** The ports that the settings give to each attempt and each run of checks. */
import { leasePorts, portFolder, type PortLease } from '../platform/port-lease.ts';
import type { Settings } from '../platform/settings.ts';

/** Throws OperationalError `no-port-free`. */
export async function takePorts({
  settings,
  environment,
}: {
  settings: Pick<Settings, 'workspace'>;
  environment: Readonly<Record<string, string | undefined>>;
}): Promise<PortLease> {
  const { ports: count, portFirst: first, portLast: last } = settings.workspace;
  return leasePorts({ count, first, last, folder: portFolder(environment) });
}
