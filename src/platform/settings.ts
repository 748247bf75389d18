/**
 * Settings: what a user may change, read once per process.
 *
 * Owns their shape, the places they come from and which place wins: `ORBIT_*` variables, then `orbit.config.json` at the top of
 * the main checkout, then the user's own `$XDG_CONFIG_HOME/orbit/config.json`, then the defaults. The table of keys is
 * `settings-key.ts`; `schema/orbit.config.schema.json` says the same to editors, and a test compares the two.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ModuleSetting } from '../core/module.ts';
import type { Finish, LandingMode } from '../core/pull-request.ts';
import type { Thresholds } from '../core/supervision/thresholds.ts';
import { UsageError } from './error.ts';
import { faultOf } from './settings-check.ts';
import { defaultsOf, environmentOf, keys, merge, type Values } from './settings-key.ts';

export interface AgentEntry {
  adapter: string;
  slots: number;
  command?: readonly string[];
  prompt?: 'stdin' | 'file';
  output?: 'text' | 'json-lines';
  report?: 'exit' | 'explicit';
  script?: string;
  model?: string;
  thinking?: 'low' | 'medium' | 'high' | 'max';
  /** Tried in this order when an attempt with the usual model failed twice and no other agent is there. */
  fallbackModels?: readonly string[];
  account?: string;
  memoryMb?: number;
  memoryMaxMb?: number;
  /** Whether checks decide if it gets tasks; `when-checked` where nothing is said. */
  check?: 'required' | 'when-checked' | 'never';
  environment?: readonly string[];
}

export interface Settings {
  agents: Readonly<Record<string, AgentEntry>>;
  landing: {
    /** Branch; `{plan}` stands for the plan's name. */
    into: string;
    mode: LandingMode;
    /** What becomes of a finished plan. */
    finish: Finish;
    /** When a person is asked: before the finished plan goes further, before each task lands, or never. */
    approval: 'end' | 'each' | 'none';
    /** Whether a change that can make others run something waits for a person. */
    risky: 'ask' | 'allow';
    checks: readonly string[];
    /** Trees validated at once. */
    lanes: number;
    /** Changes validated as one tree, at most. */
    trainMax: number;
    /** Times that a change which is red by itself is run again before it goes back. */
    reruns: number;
    /** Whether each layer of a plan with `layers: hard` lands on a branch of its own. */
    layerBranches: boolean;
    /** Levels of unlanded work under a task that starts. */
    stackDepth: number;
  };
  /** Where pull requests are opened; what is absent is told from the remote's address. */
  forge: {
    kind: 'auto' | 'local' | 'github' | 'gitlab' | 'gitea';
    url?: string;
    repository?: string;
    remote: string;
    base?: string;
    pollS: number;
    checksGraceS: number;
    waitMinutes: number;
  };
  api: {
    host: string;
    port: number;
    names: readonly string[];
    tlsCert?: string;
    tlsKey?: string;
  };
  apiTokens: Readonly<Record<string, { sha256: string; role: 'person' | 'observer'; expires?: string }>>;
  scope: {
    /** Who decides when an attempt wishes for more paths: the rules at once, a person, or nobody. */
    widen: 'free' | 'ask' | 'never';
  };
  workspace: {
    directory: string;
    bring: readonly string[];
    setup: readonly string[];
    /** Globs; not empty: they are all that the set-up reads, besides lockfiles. */
    setupReads: readonly string[];
    keepDependencies: boolean;
    /** Patterns as in `.gitignore`. */
    caches: readonly string[];
    /** How many an attempt or check gets. */
    ports: number;
    portFirst: number;
    portLast: number;
    diskMaxGb: number;
  };
  supervision: Thresholds & { stuckS: number };
  budget: { attempts: number; costUsd: number | null; minutes: number; turns: number | null };
  /** How long an account rests whose quota is used up and whose reset time nobody told. */
  quota: { waitMinutes: number; waitMinutesMax: number };
  plan: { tick: boolean };
  /** Parts of the work, by name; none: they follow from the plans. */
  modules: Readonly<Record<string, ModuleSetting>>;
  /** Globs that several attempts may write at once. */
  shared: readonly string[];
  /** Names of environment variables that agents, checks and set-up commands get besides the usual ones. */
  environment: readonly string[];
  checkTimeoutS: number;
  claimByHandS: number;
  defaultConcurrencyMode: 'sequential' | 'parallel-async' | 'parallel-threads';
  /** `null`: as many as the agents have slots. */
  maxParallelAgents: number | null;
  retryDelayMs: number;
  escalationThreshold: number;
  branchPrefix: string;
  autoMergeOnComplete: boolean;
  heartbeatIntervalMs: number;
  heartbeatTimeoutMs: number;
}

export const settingsFile = 'orbit.config.json';

/**
 * @param top of the main checkout.
 * @param environment usually `process.env`.
 * Throws `UsageError` `bad-settings` that names file, line and the nearest known key.
 */
export async function loadSettings(
  top: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Settings> {
  let values: Values = defaultsOf(keys);
  for (const file of [userSettingsFile(environment), join(top, settingsFile)])
    values = merge(values, await readSettings(file));
  const fromEnvironment = environmentOf(environment);
  const fault = faultOf(fromEnvironment.values);
  if (fault !== null) {
    const name = fromEnvironment.names.get(fault.path.join('.')) ?? 'ORBIT_*';
    throw new UsageError('bad-settings', `${name}: ${fault.message}`, 'unset it, or give it such a value');
  }
  return withNamedDefaults(merge(values, withAliases(fromEnvironment.values))) as unknown as Settings;
}

/** The file of the person's own, which comes with no repository. */
export function userSettingsFile(environment: Readonly<Record<string, string | undefined>>): string {
  const folder = environment['XDG_CONFIG_HOME'] ?? join(environment['HOME'] ?? homedir(), '.config');
  return join(folder, 'orbit', 'config.json');
}

/** Entries that have names of the user's choosing get the defaults of their kind: `agents.sh` has one slot unless it says more. */
function withNamedDefaults(values: Values): Values {
  const filled = { ...values };
  for (const [name, key] of Object.entries(keys)) {
    if (key.kind !== 'named') continue;
    const entries = Object.entries((values[name] ?? {}) as Record<string, Values>);
    filled[name] = Object.fromEntries(entries.map(([entry, value]) => [entry, merge(defaultsOf(key.keys), value)]));
  }
  return filled;
}

/** The values of one file, `{}` where there is none. */
export async function readSettings(file: string): Promise<Values> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw new UsageError(
      'bad-settings',
      `${file} cannot be read: ${(error as Error).message}`,
      'make it readable, or remove it',
    );
  }
  try {
    const values: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    const fault = faultOf(values);
    if (fault === null) return withAliases(values as Values);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  const { explainSettings } = await import('./settings-fault.ts');
  throw explainSettings(file, text);
}

/** E10's names for what has a place of its own here; the place of its own wins. */
function withAliases(values: Values): Values {
  const { defaultMaxRetries, worktreesDirectory, ...rest } = values;
  const budget = { ...(rest['budget'] as Values | undefined) };
  const workspace = { ...(rest['workspace'] as Values | undefined) };
  if (typeof defaultMaxRetries === 'number') budget['attempts'] ??= defaultMaxRetries + 1;
  if (worktreesDirectory !== undefined) workspace['directory'] ??= worktreesDirectory;
  return {
    ...rest,
    ...(Object.keys(budget).length > 0 ? { budget } : {}),
    ...(Object.keys(workspace).length > 0 ? { workspace } : {}),
  };
}
