/** What waits for a person's word, in lines: why, how large, and the commands that answer it. */
import type { WaitingPlan, WaitingWork } from '../actions/list-approvals.ts';
import { oneLine } from '../platform/text.ts';
import { count } from './words.ts';

/** Files and risks shown of one piece of work; `--json` has all. */
const shownMax = 12;

export function waitingWorkLines(work: WaitingWork): string[] {
  const { key, title, agent, files, scope, widened, checks, risks, base, commit, tree } = work;
  const told = risks.length > 0 ? risks.map(({ reason }) => reason) : [work.reason];
  const size = `${count(files.length, 'file')}, +${work.linesAdded} -${work.linesRemoved}, ${count(work.commits, 'commit')}`;
  const green = checks.length === 0 ? 'no checks' : `green: ${checks.join(', ')}`;
  const wished = widened.length === 0 ? '' : `; its agent wished for ${widened.join(', ')}`;
  return [
    `${key}  ${oneLine(title, 60)}  (${agent})`,
    ...shown(told).map((line) => `  ${oneLine(line, 240)}`),
    `  ${size}; ${oneLine(green, 160)}`,
    `  scope: ${scope.length === 0 ? 'anything' : oneLine(scope.join(', '), 160)}${oneLine(wished, 160)}`,
    ...shown(files.map(({ path, kind }) => `${kind.padEnd(12)} ${path}`)).map((line) => `    ${oneLine(line, 160)}`),
    ...(base === null ? [] : [`  git diff ${base.slice(0, 12)} ${commit.slice(0, 12)}`]),
    `  orbit approve ${key} --tree ${tree.slice(0, 12)}`,
    `  orbit reject ${key} "what is wrong with it"`,
  ];
}

export function waitingPlanLines(plan: WaitingPlan): string[] {
  const { landed, cancelled, files, linesAdded, linesRemoved, target, into, tree, foreign } = plan;
  const left = cancelled === 0 ? '' : `, ${cancelled} cancelled`;
  return [
    `plan ${plan.plan}  ${oneLine(plan.title, 60)}`,
    `  finished: ${count(landed, 'task')} on ${target}${left}; ${count(files, 'file')}, +${linesAdded} -${linesRemoved}`,
    ...(foreign === null ? [] : [`  ${foreign.slice(0, 12)} on it is not from Orbit: nobody has checked it`]),
    `  git diff ${into}...${target}`,
    `  orbit approve ${plan.plan} --tree ${tree.slice(0, 12)}  takes it into ${into}`,
  ];
}

function shown(lines: readonly string[]): string[] {
  const more = lines.length - shownMax;
  return more > 0 ? [...lines.slice(0, shownMax), `and ${more} more`] : [...lines];
}
