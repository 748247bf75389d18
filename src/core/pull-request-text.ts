/** The words of pull requests that Orbit opens: titles, bodies, and the hidden marker by which they are found again. Pure. */
import type { TaskKey } from './id.ts';
import type { Plan } from './plan.ts';
import type { Evidence, Task } from './task.ts';

/** A line that no reader sees; an HTML comment in Markdown on every forge. */
export function taskMarker(key: TaskKey): string {
  return `<!-- orbit-task: ${key} -->`;
}

export function planMarker(plan: string): string {
  return `<!-- orbit-plan: ${plan} -->`;
}

/** Titles of forges hold 255 characters. */
const titleLengthMax = 200;
/** Bodies hold 65,536; what is told of a task is cut far below. */
const bodyLengthMax = 8_000;
const tasksListedMax = 300;

export function taskTitle({ id, title }: Pick<Task, 'id' | 'title'>): string {
  return cut(`${id}: ${harmless(title)}`, titleLengthMax);
}

/** @param needs tasks that it is built on and that have not landed yet. */
export function taskBody(task: Task, evidence: Evidence, needs: readonly string[]): string {
  const parts = [
    ...(task.body.trim() === '' ? [] : [cut(quoted(task.body), bodyLengthMax)]),
    ...(needs.length === 0 ? [] : [`Built on ${needs.join(', ')}, which has not landed yet.`]),
    evidenceLines(evidence),
    'Ask for changes in a review and it goes back to its agent with your words; close it to reject it.',
    taskMarker(task.key),
  ];
  return `${parts.join('\n\n')}\n`;
}

export function planTitleText(plan: Pick<Plan, 'id' | 'title'>): string {
  return cut(
    plan.title === '' || plan.title === plan.id ? `Plan ${plan.id}` : `${plan.id}: ${harmless(plan.title)}`,
    titleLengthMax,
  );
}

/** The combined pull request: every task with what proves it. */
export function planBody(plan: Pick<Plan, 'id'>, tasks: readonly Task[]): string {
  const landed = tasks.filter(({ evidence }) => evidence !== null);
  const listed = landed.slice(0, tasksListedMax).map((task) => `- ${taskLine(task)}`);
  const more = landed.length > tasksListedMax ? [`- and ${landed.length - tasksListedMax} more`] : [];
  const count = landed.length === 1 ? '1 task' : `${landed.length} tasks`;
  return `${[
    `${count} of plan ${plan.id}. Each first-parent commit of this branch has a tree that passed.`,
    [...listed, ...more].join('\n'),
    planMarker(plan.id),
  ].join('\n\n')}\n`;
}

function taskLine({ id, title, evidence, landing }: Task): string {
  if (evidence === null) return id;
  if (evidence.commit === null) return `${id} ${plain(title)}: nothing to change (${plain(evidence.noChanges ?? '')})`;
  const checks = evidence.checks.length === 0 ? 'no checks' : evidence.checks.map((check) => code(check)).join(', ');
  const where = landing?.landedAs === null || landing === null ? '' : `, landed as ${landing.landedAs.slice(0, 12)}`;
  return `${id} ${plain(title)}: ${evidence.commit.slice(0, 12)} by ${evidence.agent}, ${checks}${where}`;
}

function evidenceLines({ agent, commit, commits, files, checks }: Evidence): string {
  const lines = [`- commit ${commit?.slice(0, 12)} by ${agent}: ${commits} commits, ${files} files`];
  for (const check of checks) lines.push(`- passed ${code(check)}`);
  return ['What proves it:', '', ...lines].join('\n');
}

/** Text of plans and agents is data: it must not mention people or close issues … */
function harmless(text: string): string {
  return oneLine(text).replaceAll(/[@#](?=\w)/g, (sign) => `${sign}\u200b`);
}

/** … nor, in a body, begin code or a comment by itself: a marker in it would pass for Orbit's. */
function plain(text: string): string {
  return harmless(text).replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('`', "'");
}

function quoted(text: string): string {
  return text
    .trim()
    .split(/\r?\n/)
    .map((line) => `> ${plain(line)}`)
    .join('\n');
}

function code(text: string): string {
  return `\`${oneLine(text).replaceAll('`', "'").replaceAll('<!--', '<!- -')}\``;
}

function oneLine(text: string): string {
  // Control and direction characters have no business in a title.
  return text.replaceAll(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]+/gu, ' ').trim();
}

function cut(text: string, length: number): string {
  return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}
