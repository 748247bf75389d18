/** Words of plans, settings and shell agents that several end-to-end tests share. */

/** One shell agent with that many slots, played by `agent.sh`; failures are tried again at once. */
export function shellSettings(slots: number, more: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return { agents: { sh: { adapter: 'command', command: ['./agent.sh'], slots } }, retryDelayMs: 50, ...more };
}

/**
 * The agent: `cases` are the arms of a `case` over `<task>-<attempt>`; whatever they do not name writes and commits a file of
 * the task's own. Agents of one test meet by `tell NAME` and `await NAME`, through files outside the repository.
 */
export function shellAgent(cases: string): string {
  return `#!/bin/sh
set -e
meet="$ORBIT_PROJECT/../meet"
mkdir -p "$meet"
tell() { touch "$meet/$1"; }
await() { until [ -e "$meet/$1" ]; do sleep 0.02; done; }
save() { git add --all && git commit -q -m "$ORBIT_TASK: $ORBIT_TITLE"; }
own() { mkdir -p src && echo "$ORBIT_TITLE" > "src/$ORBIT_TASK.txt" && save; }
case "$ORBIT_TASK-$ORBIT_ATTEMPT" in
${cases}
*) own ;;
esac
`;
}

/** A plan of one layer: `T001 [@agent] Title` → further lines of the task. */
export function planText(tasks: Readonly<Record<string, readonly string[]>>, head = ''): string {
  const lines = Object.entries(tasks).flatMap(([task, more]) => [
    `- [ ] ${task}`,
    ...more.map((line) => `      ${line}`),
  ]);
  return ['# Tasks', head, '## Layer 1: Work', '', ...lines, ''].join('\n');
}
