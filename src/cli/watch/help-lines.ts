/** The help of `orbit watch`: what every key does, and what the signs mean. */
import { signs, signWords } from '../../actions/board/sign.ts';
import { taskStatuses } from '../../core/status.ts';

const keys: readonly (readonly [string, string])[] = [
  ['j k, arrows', 'select a row; g and G: the first and the last'],
  ['tab', 'the next pane; shift-tab: the one before'],
  ['n', 'tell the agent at a task something, in the middle of its turn where it can hear'],
  ['p', 'keep a task back, or give nothing new out of a plan; again: go on'],
  ['r', 'try a task again; where it asked something, with your answer'],
  ['a', 'approve finished work, after showing how large and how risky it is; or grant wished paths'],
  ['x', 'send finished work back with a reason; or deny wished paths'],
  ['c', 'cancel a task; its work is kept'],
  ['l', 'the log of the agent or of the last attempt, as it grows'],
  ['w', 'why a task stands where it stands, and what would free it'],
  ['/', 'show only rows with this text; escape ends it'],
  ['ctrl-l', 'draw anew'],
  ['q, ctrl-c', 'leave; agents go on'],
];

export function helpLines(unicode: boolean): string[] {
  const wide = Math.max(...keys.map(([key]) => key.length));
  return [
    ...keys.map(([key, does]) => ` ${key.padEnd(wide)}  ${does}`),
    '',
    ...taskStatuses.map((status) => {
      const { shape, ascii, letter } = signs[status];
      return ` ${unicode ? shape : ascii}${letter}  ${signWords[status]}`;
    }),
    '',
    ' Every key does what the command of the same name does: orbit nudge, pause, retry, approve, reject, cancel, logs, why.',
  ];
}
