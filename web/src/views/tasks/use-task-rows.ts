/** The rows of the list: tasks, with what they cost and what they may write where that is known. */
import { useMemo } from 'react';
import { useReport, useReservations, useTasks } from '../../data/queries.ts';
import type { TaskRow } from './query.ts';

export function useTaskRows(): readonly TaskRow[] {
  const tasks = useTasks().data?.items;
  const costs = useReport().data?.tasks;
  const held = useReservations().data?.held;
  return useMemo(() => {
    const costOf = new Map(costs?.map(({ task, costUsd }) => [task, costUsd]));
    const scopeOf = new Map(
      held?.map(({ task, plan, scope }) => [task.includes('/') ? task : `${plan}/${task}`, scope]),
    );
    return (tasks ?? []).map((task) => ({
      ...task,
      costUsd: costOf.get(task.key) ?? costOf.get(task.id),
      // A server may tell the scope of every task; what agents hold just now is told in any case.
      scope: (task as { scope?: readonly string[] }).scope ?? scopeOf.get(task.key),
    }));
  }, [tasks, costs, held]);
}
