/** How far a nudge got, in words. */
import type { NudgeAnswer } from '../actions/nudge-task.ts';

export function toldDelivery({ agent, delivery }: NudgeAnswer): string {
  switch (delivery) {
    case 'now':
      return `${agent} hears it now, in the middle of its turn`;
    case 'next-turn':
      return `${agent} hears it when its turn ends`;
    case 'pending':
      return `it is stored; ${agent} has not taken it yet, orbit events --task shows when it does`;
    case 'next-attempt':
      return agent === null
        ? 'nobody is at work on it now, so its next attempt is told'
        : `${agent} hears nothing while it works, so the next attempt is told`;
  }
}
