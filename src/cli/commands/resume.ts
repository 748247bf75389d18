import { isRejection } from '../../core/rejection.ts';
import type { Command } from '../command.ts';
import { pauseVerb } from '../pause-verb.ts';

const plain: Command = pauseVerb({
  verb: 'resume',
  paused: false,
  summary: 'Go on with a paused plan, task, or account at its quota.',
  examples: [
    ['orbit resume 001', 'the plan'],
    ['orbit resume', 'all plans'],
    ['orbit resume --account work', 'do not wait for the reset: the quota was raised'],
  ],
});

export const command: Command = {
  ...plain,
  flags: {
    ...plain.flags,
    account: { kind: 'text', value: 'NAME', about: 'Give out work on this account again, whatever its reset time.' },
  },
  async run(input, around) {
    const account = input.text('account');
    if (account === null) return plain.run(input, around);
    const context = await around.project();
    const { resumeAccount } = await import('../../actions/resume-account.ts');
    const why = input.text('reason') ?? 'resumed by hand';
    const answer = await resumeAccount(context, { account, why });
    return isRejection(answer) ? answer : { data: answer, text: `Account ${account} is open.` };
  },
};
