/** Work that it will not merge with as both are. */
import { Code } from '@mantine/core';
import type { ReactElement } from 'react';
import type { TaskDetail } from '../../../../src/api/contract.ts';
import { Ago } from '../../parts/Ago.tsx';
import { plain } from '../../parts/plain.ts';
import { Section } from '../../parts/Section.tsx';
import { TaskRef } from '../../parts/TaskRef.tsx';
import classes from './task.module.css';

export function Conflicts({
  conflicts,
  plan,
}: {
  conflicts: TaskDetail['conflicts'];
  plan: string;
}): ReactElement | null {
  if (conflicts.length === 0) return null;
  return (
    <Section title="Conflicts ahead">
      <ul className={classes['because']}>
        {conflicts.map((one) => (
          <li key={`${one.with}${one.since}`}>
            With {one.with === null ? 'its target' : <TaskRef id={one.with} plan={plan} />}
            {one.title !== null && ` ${plain(one.title)}`}
            {one.agent !== null && `, ${one.agent}`}: <Code>{plain(one.paths.join(', '))}</Code> <Ago at={one.since} />
          </li>
        ))}
      </ul>
    </Section>
  );
}
