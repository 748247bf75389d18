/** A task's id as a link; ids of the same plan stand without it. */
import type { ReactElement } from 'react';
import { Link, pathOf } from '../app/Link.tsx';

/** @param id `T031`, or `001/T031`. @param plan where it is looked for when its id does not say. */
export function TaskRef({ id, plan }: { id: string; plan: string }): ReactElement {
  const [first = '', second] = id.split('/');
  const of = second === undefined ? { plan, task: id } : { plan: first, task: second };
  return (
    <Link to={pathOf.task(of.plan, of.task)} inherit ff="monospace">
      {of.plan === plan ? of.task : id}
    </Link>
  );
}

export function TaskRefs({
  ids,
  plan,
  none = 'none',
}: {
  ids: readonly string[];
  plan: string;
  none?: string;
}): ReactElement {
  if (ids.length === 0) return <span>{none}</span>;
  return (
    <>
      {ids.map((id, index) => (
        <span key={id}>
          {index > 0 && ', '}
          <TaskRef id={id} plan={plan} />
        </span>
      ))}
    </>
  );
}
