/**
 * Agent names: `claude` in the settings becomes the workers `claude-1`, `claude-2` …
 *
 * Owns the rule that ties the two: a task that wants `claude` may be taken by `claude` and by any of its workers.
 */

/** The name in the settings that a worker belongs to: `claude-2` → `claude`, `claude` → `claude`. */
export function agentFamily(agent: string): string {
  return agent.replace(/-\d+$/, '');
}

/** Whether `agent` may take a task that wants `wanted` (`null` = anybody). */
export function mayTake(agent: string, wanted: string | null): boolean {
  return wanted === null || wanted === agent || wanted === agentFamily(agent);
}
