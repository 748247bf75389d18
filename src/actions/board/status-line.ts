/** The board in one line, for the status line of tmux or a prompt. Pure. */
import type { Surroundings } from '../look-around.ts';
import { said } from './line.ts';
import { signs } from './sign.ts';

/** `001 12/26 ►3 !1`, and what is wrong with the whole; nothing where there is no plan. */
export function statusLine({ plan, plans, counts, led, inbox }: Surroundings, unicode: boolean): string {
  if (plans.length === 0) return '';
  const { byStatus, total } = counts;
  const name = plan ?? (plans.length === 1 ? (plans[0]?.plan ?? '') : `${plans.length} plans`);
  const open = total - byStatus.landed - byStatus.cancelled;
  const parts = (['running', 'landing', 'waiting'] as const).flatMap((status) =>
    byStatus[status] === 0 ? [] : [`${unicode ? signs[status].shape : signs[status].ascii}${byStatus[status]}`],
  );
  return [
    said(name),
    `${byStatus.landed}/${total}`,
    ...parts,
    ...(inbox.length === 0 ? [] : [`!${inbox.length}`]),
    ...(plans.some(({ paused }) => paused) ? ['paused'] : []),
    ...(led || open === 0 ? [] : ['nobody leads']),
  ].join(' ');
}
