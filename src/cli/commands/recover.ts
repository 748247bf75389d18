import type { Context } from '../../actions/context.ts';
import type { KeptWork } from '../../actions/recover-work.ts';
import { ago } from '../../core/ago.ts';
import { isRejection, type Rejection } from '../../core/rejection.ts';
import { UsageError } from '../../platform/error.ts';
import { oneLine } from '../../platform/text.ts';
import type { Answer, Command, Input } from '../command.ts';
import { columns } from '../output.ts';

export const command: Command = {
  summary: 'List work that is not on its target, bring it back, go on from it, or give it up.',
  usage: [
    'recover [TASK] [--all]',
    'recover --restore REF [--branch NAME]',
    'recover TASK --resume REF',
    'recover --purge REF|TASK --yes',
  ],
  examples: [
    ['orbit recover', 'commits and uncommitted files of all tasks that no target has, and why'],
    ['orbit recover --restore salvage/T031/7', 'makes the branch recovered/salvage/T031/7'],
    ['orbit recover T031 --resume attempts/T031/7', "T031's next attempt starts from that work"],
    ['orbit recover --purge T031 --yes', 'deletes what is kept of T031 and is on its target as well'],
  ],
  flags: {
    all: { kind: 'switch', about: 'Also list what the target has.' },
    restore: { kind: 'text', value: 'REF', about: 'What to bring back, as listed.' },
    branch: { kind: 'text', value: 'NAME', about: 'Name of the branch; recovered/<ref> by default.' },
    resume: {
      kind: 'text',
      value: 'REF',
      about: 'What the next attempt starts from, as listed; none: from the base again.',
    },
    purge: { kind: 'text', value: 'REF', about: 'What to delete: a ref, landed or not, or what landed of a task.' },
    yes: { kind: 'switch', about: 'Really delete it.' },
    plan: { kind: 'text', value: 'PLAN', about: 'Plan of the task.' },
  },
  words: { min: 0, max: 1, names: 'a task' },
  async run(input, around) {
    const context = await around.project();
    const [restore, resume, purge] = ['restore', 'resume', 'purge'].map((flag) => input.text(flag));
    refuseMixed(input);
    if (typeof purge === 'string') return purged(context, purge, input);
    if (typeof resume === 'string') return resumed(context, resume, input);
    if (typeof restore === 'string') return restored(context, restore, input);
    return listed(context, input);
  },
};

/** What would be passed over in silence is refused: two deeds at once, or a word that belongs to another deed. Throws `UsageError`. */
function refuseMixed(input: Input): void {
  const deeds = ['restore', 'resume', 'purge'].filter((flag) => input.text(flag) !== null);
  if (deeds.length > 1)
    throw new UsageError('bad-flag', `--${deeds.join(' and --')} are one at a time`, 'orbit recover --help');
  const [deed] = deeds;
  const strays = [
    ...(input.text('branch') !== null && deed !== 'restore' ? ['--branch goes with --restore'] : []),
    ...(input.has('yes') && deed !== 'purge' ? ['--yes goes with --purge'] : []),
    ...(input.words.length > 0 && (deed === 'purge' || deed === 'restore')
      ? [`--${deed} takes no task beside it`]
      : []),
  ];
  if (strays.length > 0) throw new UsageError('bad-flag', strays.join('; '), 'orbit recover --help');
}

async function listed(context: Context, input: Input): Promise<Answer> {
  const { listKept } = await import('../../actions/recover-work.ts');
  const [task] = input.words;
  const all = await listKept(context, task ?? null);
  // Work of a task that the store has lost is listed all the same; a name that nothing bears is a mistake.
  if (task !== undefined && all.length === 0) await requireTask(context, task, input);
  const kept = input.has('all') ? all : all.filter(({ onTarget }) => onTarget === null);
  const hidden = all.length - kept.length;
  const more = hidden === 0 ? '' : ` ${hidden} more ${hidden === 1 ? 'is' : 'are'} on the target: --all shows them.`;
  const lines = [...byTask(kept).values()]
    .flatMap((works) => works.slice(0, 1).flatMap((first) => ['', ...taskLines(first, works)]))
    .slice(1);
  const text =
    kept.length === 0
      ? `Everything that is kept is on its target.${more}`
      : [...lines, ...(more === '' ? [] : ['', more.trim()])].join('\n');
  return { data: { kept, hidden }, text: all.length === 0 ? 'Nothing is kept.' : text };
}

/** Throws as `findTask` does. */
async function requireTask(context: Context, task: string, input: Input): Promise<void> {
  await (await import('../../actions/find-task.ts')).findTask(context, task, input.text('plan'));
}

function byTask(kept: readonly KeptWork[]): Map<string, KeptWork[]> {
  const groups = new Map<string, KeptWork[]>();
  for (const work of kept) {
    const key = `${work.plan ?? ''}/${work.task}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [work]);
    else group.push(work);
  }
  return groups;
}

function taskLines(first: KeptWork, works: readonly KeptWork[]): string[] {
  const { plan, task, title, status } = first;
  const head = `${plan === null ? '' : `${plan}/`}${task}  ${title === null ? 'unknown task' : oneLine(title, 60)}`;
  const rows = works.map(({ ref, kind, commits, files, ageMs, onTarget, why }) => [
    `  ${ref.replace(/^refs\/(?:orbit|heads)\//, '')}`,
    kind === 'salvage' ? '' : `${commits} ${commits === 1 ? 'commit' : 'commits'}`,
    `${files} ${files === 1 ? 'file' : 'files'}`,
    `${ago(ageMs)} ago`,
    onTarget === null ? oneLine(why ?? '', 160) : `on the target, by ${onTarget}`,
  ]);
  return [status === null ? head : `${head}  (${status})`, ...columns(rows)];
}

async function restored(context: Context, ref: string, input: Input): Promise<Answer> {
  const { restoreWork } = await import('../../actions/recover-work.ts');
  const answer = await restoreWork(context, { ref, branch: input.text('branch') });
  return { data: answer, text: `${answer.branch} is at ${answer.commit.slice(0, 12)}: git log ${answer.branch}` };
}

async function resumed(context: Context, ref: string, input: Input): Promise<Answer | Rejection> {
  const { startFromWork } = await import('../../actions/recover-work.ts');
  const [task] = input.words;
  if (task === undefined)
    throw new UsageError('missing-argument', '--resume needs the task', `orbit recover T031 --resume ${ref}`);
  const answer = await startFromWork(context, { task, plan: input.text('plan'), ref: ref === 'none' ? null : ref });
  if (isRejection(answer)) return answer;
  const start = answer.ref === null ? 'its base' : answer.ref.replace('refs/orbit/', '');
  const next = answer.status === 'needs-you' ? `; it waits for you: orbit retry ${task}` : '';
  return { data: answer, text: `The next attempt at ${answer.task} starts from ${start}${next}.` };
}

async function purged(context: Context, what: string, input: Input): Promise<Answer | Rejection> {
  if (!input.has('yes'))
    throw new UsageError(
      'missing-argument',
      `--purge deletes the refs of ${what} for good`,
      'add --yes if you mean it',
    );
  const { purgeWork } = await import('../../actions/recover-work.ts');
  const answer = await purgeWork(context, what);
  if (isRejection(answer)) return answer;
  if (answer.purged.length + answer.left === 0) await requireTask(context, what, input);
  const left =
    answer.left === 0
      ? ''
      : ` ${answer.left} stay, for no target has them whole: name a ref to delete one all the same.`;
  const lines = answer.purged.map(
    ({ ref, commit }) => `deleted ${ref.replace(/^refs\/(?:orbit|heads)\//, '')}, it was at ${commit}`,
  );
  return { data: answer, text: `${lines.length === 0 ? 'Nothing was deleted.' : lines.join('\n')}${left}` };
}
