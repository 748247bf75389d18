/** Which plan a view shows, kept in the address; where nothing is said, the first that is not finished. */
import { Select } from '@mantine/core';
import type { ReactElement } from 'react';
import { useQueryState } from '../app/router.ts';
import { usePlans } from '../data/queries.ts';

/** The chosen plan's id; `''` while plans are not known or there are none, and for all if `all` may be chosen. */
export function usePlanChoice({ all = false }: { all?: boolean } = {}): string {
  const [chosen] = useQueryState('plan');
  const plans = usePlans().data?.items ?? [];
  if (chosen !== '') return chosen === 'all' ? '' : chosen;
  if (all && plans.length !== 1) return '';
  const open = plans.find(({ completed, total }) => completed < total) ?? plans.at(-1);
  return open?.plan ?? '';
}

export function PlanChoice({ plan, all = false }: { plan: string; all?: boolean }): ReactElement | null {
  const [, choose] = useQueryState('plan');
  const plans = usePlans().data?.items ?? [];
  if (plans.length < 2 && plan !== '' && !all) return null;
  const data = plans.map((one) => ({ value: one.plan, label: `${one.plan} ${one.title}` }));
  return (
    <Select
      size="xs"
      w={240}
      aria-label="Plan"
      searchable
      allowDeselect={false}
      comboboxProps={{ width: 360, position: 'bottom-end' }}
      data={all ? [{ value: 'all', label: 'All plans' }, ...data] : data}
      value={plan === '' ? (all ? 'all' : null) : plan}
      onChange={(value) => choose(value ?? '')}
    />
  );
}
