import { isRejection, type Rejection } from '../../core/rejection.ts';
import { UsageError } from '../../platform/error.ts';
import type { Answer, Around, Command, Input } from '../command.ts';
import { pauseVerb } from '../pause-verb.ts';

const plain: Command = pauseVerb({
  verb: 'resume',
  paused: false,
  summary: 'Go on with a paused plan, task, or account at its quota.',
  examples: [
    ['orbit resume 001', 'the plan'],
    ['orbit resume 001 --landing', 'finished work lands again'],
    ['orbit resume', 'all plans'],
    ['orbit resume --account work', 'do not wait for the reset: the quota was raised'],
    ['orbit resume 001 --accept-target', 'land on the branch as it is, whoever moved it'],
  ],
});

export const command: Command = {
  ...plain,
  flags: {
    ...plain.flags,
    account: { kind: 'text', value: 'NAME', about: 'Give out work on this account again, whatever its reset time.' },
    'accept-target': { kind: 'switch', about: 'Land on the plan’s branch as it is now; checks run on it first.' },
  },
  async run(input, around) {
    const account = input.text('account');
    if (input.has('accept-target')) return accept(input, around);
    if (account === null) return plain.run(input, around);
    const context = await around.project();
    const { resumeAccount } = await import('../../actions/resume-account.ts');
    const why = input.text('reason') ?? 'resumed by hand';
    const answer = await resumeAccount(context, { account, why });
    return isRejection(answer) ? answer : { data: answer, text: `Account ${account} is open.` };
  },
};

async function accept(input: Input, around: Around): Promise<Answer | Rejection> {
  const context = await around.project();
  const plan = input.words[0] ?? input.text('plan');
  if (plan === null)
    throw new UsageError('bad-flag', '--accept-target needs a plan', 'orbit resume 001 --accept-target');
  const { acceptTarget } = await import('../../actions/accept-target.ts');
  const answer = await acceptTarget(context, plan);
  if (isRejection(answer)) return answer;
  const { target, commit, lost } = answer;
  const gone =
    lost.length === 0 ? '' : `\nIt no longer holds the work of ${lost.join(', ')}: orbit reopen has it done again.`;
  return {
    data: answer,
    text: `${target.replace(/^refs\/heads\//, '')} is taken as it is, at ${commit.slice(0, 12)}.${gone}`,
  };
}
