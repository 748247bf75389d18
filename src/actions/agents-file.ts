/**
 * Words for agents that read a repository's files: the block in AGENTS.md, the pointer in CLAUDE.md, the skill (A11).
 *
 * Owns the texts and the markers. Pure; everything outside the markers belongs to people and stays byte for byte.
 */
import { UsageError } from '../platform/error.ts';

const start = '<!-- orbit:start -->';
const end = '<!-- orbit:end -->';

export const agentsBlock: string = `## Orbit

Tasks of this repository are kept by Orbit; its state is the same in every worktree. \`orbit-agent\` is the same program as \`orbit\`.

- What may I start: \`orbit-agent available-tasks <plan> --agent <your name>\`
- Take a task: \`orbit-agent start <task> --agent <your name>\`; lost it? \`orbit-agent why <task>\`
- Work on a branch of your own and commit there. Change only files in the task's scope (\`orbit-agent show <task>\`).
- Finished: commit everything, then \`orbit-agent complete <task> [--pr <number>]\`. It looks at your commits and runs the task's
  checks; what it says is missing, mend and try again. Nothing to change: \`--no-changes "<why>"\`.
- Stuck: \`orbit-agent block <task> "<why>"\`; a question: add \`--question\`; another task first: add \`--needs <task>\`.
- A file outside your scope: \`orbit-agent scope add <path> --why "<what for>"\`; yours at once where nobody else works on it.
- Out of context: \`orbit-agent handoff <task> "<what is done, what is left>"\`.
- Worth knowing for others: \`orbit-agent note "<title>" "<text>"\`; what others found: \`orbit-agent notes "<words>"\`.
- Exit code 3 means refused: read the message, it says what to do. \`lease-lost\`: the task is no longer yours, stop.
- Started by Orbit (ORBIT_TASK is set)? Then the task, its branch and this directory are yours already: skip \`start\`, leave out the
  task's name, and never switch branches.
- Never edit \`.progress.json\`, nor tick boxes in \`layered-tasks.md\`: Orbit does.`;

export const pointerBlock = '@AGENTS.md';

export const skillText: string = `---
name: orbit
description: Take, finish and hand on tasks kept by Orbit in this repository. Use when asked to work on a task such as T031, to see what can be started, or to report a task as complete or blocked.
---

${agentsBlock.replace('## Orbit', '# Orbit')}
`;

/**
 * The text with Orbit's block set to `block`: replaced between its markers, added at the end, or as a new file.
 * Keeps the line ends of the text. Throws `UsageError` for markers that do not pair.
 */
export function withBlock(text: string | null, block: string, name: string): string {
  const whole = `${start}\n${block}\n${end}`;
  if (text === null || text.trim() === '') return `${whole}\n`;
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const wanted = whole.replaceAll('\n', newline);
  const from = text.indexOf(start);
  const to = text.indexOf(end);
  if (from < 0 && to < 0) return `${text}${text.endsWith('\n') ? '' : newline}${newline}${wanted}${newline}`;
  const doubled = text.includes(start, from + 1) || text.includes(end, to + 1);
  if (from < 0 || to < from || doubled) {
    const line = text.slice(0, Math.max(0, from < 0 ? to : from)).split('\n').length;
    throw new UsageError(
      'bad-settings',
      `${name}:${line}: the markers ${start} and ${end} do not pair`,
      'mend or remove them and run orbit init again',
    );
  }
  return text.slice(0, from) + wanted + text.slice(to + end.length);
}
