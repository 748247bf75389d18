/** The stage of a running agent: what all parts of its supervision share, and the bell by which they wake each other. */
import type { Workspace } from '../workspace/workspace.ts';
import type { Life } from './life.ts';
import type { StartedAgent } from './start-agent.ts';

export interface Stage {
  life: Life;
  agent: StartedAgent;
  workspace: Workspace;
  /** The environment of checks. */
  environment: Readonly<Record<string, string>>;
}

/** Something that can be waited for and rung any number of times; a ring before the wait is not lost. For one waiter. */
export interface Bell {
  ring: () => void;
  /** Resolves at the next ring, or at once if it rang since the last wait. */
  wait: () => Promise<void>;
}

export function newBell(): Bell {
  let next = Promise.withResolvers<void>();
  return {
    ring: () => next.resolve(),
    async wait() {
      await next.promise;
      next = Promise.withResolvers<void>();
    },
  };
}
