/**
 * Checks and set-up commands outside of any attempt: for landings, and for work that is completed by hand.
 *
 * Owns what they are run with: the environment that the settings allow, and the mark by which they are found again.
 */
import { limits } from '../core/limits.ts';
import { childEnvironment } from '../platform/environment.ts';
import { portVariables } from '../platform/port-lease.ts';
import { markOf, type AttemptMarker } from '../platform/process-tree.ts';
import { grantedSecrets, redactor } from '../platform/redact.ts';
import type { Settings } from '../platform/settings.ts';
import { runCheck } from './check.ts';
import type { SetUpState } from '../workspace/workspace.ts';
import { runSetUp } from './set-up.ts';
import { setUpPlan } from './set-up-plan.ts';
import { takePorts } from './take-ports.ts';

export interface PlainChecks {
  /** Runs the set-up commands; answers why one failed, or `null`. */
  prepare: (directory: string, signal?: AbortSignal) => Promise<string | null>;
  run: (
    command: string,
    directory: string,
    signal?: AbortSignal,
  ) => Promise<{ green: boolean; ran: boolean; tail: string }>;
}

export interface PlainChecksOrder {
  settings: Settings;
  environment: Readonly<Record<string, string | undefined>>;
  /** `null`: nobody has to find them when this process is gone. */
  marker: AttemptMarker | null;
  /** See `Workspaces.setUpOf`; absent: every set-up runs. */
  setUpOf?: (directory: string) => SetUpState | null;
}

export function plainChecks({ settings, environment, marker, setUpOf }: PlainChecksOrder): PlainChecks {
  const order = (directory: string, ports: readonly number[], signal: AbortSignal | undefined) => ({
    directory,
    environment: childEnvironment({
      allow: settings.environment,
      set: { ...(marker === null ? {} : markOf(marker)), ...portVariables(ports) },
      from: environment,
    }),
    log: () => undefined,
    ...(signal === undefined ? {} : { signal }),
  });
  // What they print ends up in the store, in prompts and on screens.
  const redact = redactor(grantedSecrets(environment, settings.environment));
  return {
    prepare: async (directory, signal) => {
      await using leased = await takePorts({ settings, environment });
      const fault = await runSetUp({
        ...order(directory, leased.ports, signal),
        plan: setUpPlan(settings, environment),
        state: setUpOf?.(directory) ?? null,
        timeoutMs: limits.setUpTimeoutMs,
      });
      return fault === null ? null : redact(fault);
    },
    run: async (command, directory, signal) => {
      const timeoutMs = settings.checkTimeoutS * 1_000;
      await using leased = await takePorts({ settings, environment });
      const common = order(directory, leased.ports, signal);
      const { green, conclusive, tail } = await runCheck({ ...common, command, timeoutMs });
      return { green, ran: conclusive, tail: redact(tail) };
    },
  };
}
