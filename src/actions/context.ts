/**
 * Actions: one file per thing that somebody can do. Each authorises, loads, lets core decide, commits and answers.
 *
 * Owns what an action is given. Every surface (command line, library, later REST and MCP) builds a context and calls actions;
 * no rule may live in a surface. Costly parts are functions, so that an action pays only for what it uses.
 */
import type { StreamReader } from '../agent/agent.ts';
import type { Paths } from '../platform/paths.ts';
import type { Clock } from '../platform/clock.ts';
import type { AgentEntry, Settings } from '../platform/settings.ts';
import type { Store } from '../store/store.ts';
import type { Repository } from '../workspace/repository.ts';
import type { Work, Workspaces } from '../workspace/workspace.ts';
import type { Caller } from './caller.ts';
import type { TakeOverPorts } from './take-over.ts';

export interface StartedRun {
  pid: number;
  /** What it said on its way out, `null` while it runs. */
  ended: () => string | null;
}

export interface Context {
  paths: Paths;
  caller: Caller;
  store: Store;
  clock: Clock;
  settings: () => Promise<Settings>;
  repository: () => Promise<Repository>;
  workspaces: () => Promise<Workspaces>;
  /** What the caller's worktree holds beyond the commit that the work began at; `null` without any commit. */
  look: (began: string | null) => Promise<Work | null>;
  /** Runs one check command in a directory. */
  runCheck: (command: string, directory: string) => Promise<{ green: boolean; tail: string }>;
  /** Set-up and checks in a checkout that belongs to nobody's attempt. */
  checks: () => Promise<TakeOverPorts['checks']>;
  /** What an agent's program says its version is; `null` where it has none or cannot be asked. */
  agentVersion: (entry: AgentEntry) => Promise<string | null>;
  /** Why an agent's program cannot be started, as a sentence; `null` where it can. */
  agentFault: (entry: AgentEntry) => Promise<string | null>;
  /** What git says its version is. Throws `OperationalError` `git-missing`. */
  gitVersion: () => Promise<string>;
  /** Starts a coordinator in a process of its own that gives out only what it is asked for, and outlives this one. */
  startRun: (plans: readonly string[]) => Promise<StartedRun>;
  /** A reader of recorded streams of an adapter's program; `null` where the adapter is not known any more. */
  streamReader: (adapter: string) => Promise<StreamReader | null>;
  /** Words for the person who waits for the answer; not part of it. */
  warn: (text: string) => void;
}
