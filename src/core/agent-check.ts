/**
 * The check of an agent (C8): what a probe measured, and whether an agent may get tasks after it.
 *
 * Owns the bar. It knows an agent by its fingerprint only: another program, version, command or model is another agent, about
 * which an older check says nothing.
 */

/** What a probe asks for. `null`: it did not come to that, or cannot be told. */
export interface AgentAbilities {
  read: boolean | null;
  write: boolean | null;
  run: boolean | null;
  report: boolean | null;
}

/** One measured run of the probe, as it is stored and shown. */
export interface AgentCheck extends AgentAbilities {
  /** Name in the settings. */
  agent: string;
  adapter: string;
  /** Its program is there and can be started. */
  installed: boolean;
  /** The program's own word; `null` where it has none. */
  version: string | null;
  /** `null`: it did not come to a word with its model, and nothing spoke of a login. */
  login: boolean | null;
  costUsd: number;
  tokens: number;
  elapsedMs: number;
  passed: boolean;
  /** Why it is below the bar; what was shown otherwise. */
  reason: string;
  /** Made by {@link agentFingerprint}. */
  fingerprint: string;
  /** Milliseconds since 1970. */
  at: number;
}

/** What makes an agent another one. */
export interface AgentMake {
  adapter: string;
  version: string | null;
  command: readonly string[] | null;
  model: string | null;
}

export function agentFingerprint({ adapter, version, command, model }: AgentMake): string {
  return JSON.stringify([adapter, version, command, model]);
}

/** `always`: an agent never gets a task unchecked. `never`: its checks bar it from nothing. */
export type CheckPolicy = 'required' | 'when-checked' | 'never';

/** The last check of an agent as it is now; checks of another make do not count. */
export function lastCheck(checks: readonly AgentCheck[], agent: string, fingerprint: string): AgentCheck | null {
  const own = checks.filter((check) => check.agent === agent && check.fingerprint === fingerprint);
  return own.reduce<AgentCheck | null>((last, check) => (last === null || check.at >= last.at ? check : last), null);
}

/** Why the agent gets no task, or `null` where it may. */
export function barredBecause(check: AgentCheck | null, agent: string, policy: CheckPolicy): string | null {
  if (policy === 'never') return null;
  if (check === null)
    return policy === 'required' ? `agent ${agent} was never checked as it is now, and its settings require it` : null;
  if (check.passed) return null;
  return check.login === false
    ? `agent ${agent} gets no task until it is logged in: ${check.reason}`
    : `agent ${agent} did not pass its last check: ${check.reason}`;
}

/** What an agent is barred by whose login was refused at work: as a check that found the same would have told it. */
export function refusedLogin(
  { agent, adapter, version }: Pick<AgentCheck, 'agent' | 'adapter' | 'version'>,
  { fingerprint, reason, now }: { fingerprint: string; reason: string; now: number },
): AgentCheck {
  const abilities = { read: null, write: null, run: null, report: null };
  const cost = { costUsd: 0, tokens: 0, elapsedMs: 0 };
  const found = { installed: true, login: false, passed: false, reason: `not logged in: ${reason}` };
  return { agent, adapter, version, ...found, ...abilities, ...cost, fingerprint, at: now };
}

/** Services answer a model that they do not have as they answer a login that they do not know. */
export function isAboutModel(text: string): boolean {
  return (
    /\bmodels?\b/i.test(text) &&
    /not[ _]found|unknown|not exist|not supported|unsupported|invalid|no access|not available/i.test(text)
  );
}
