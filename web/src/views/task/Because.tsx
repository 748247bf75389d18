/** Why a task stands as it does, as `orbit why` tells it. */
import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useWhy } from '../../data/queries.ts';
import { Ago } from '../../parts/Ago.tsx';
import { plain } from '../../parts/plain.ts';
import { TaskRef } from '../../parts/TaskRef.tsx';
import classes from './task.module.css';

export function Because({ plan, task }: { plan: string; task: string }): ReactElement | null {
  const { data } = useWhy(plan, task);
  if (data === undefined || data.because.length === 0) return null;
  return (
    <ul className={classes['because']}>
      {data.because.map(({ rule, message, since, unblockedBy }) => (
        <li key={rule + message}>
          {plain(message)}
          <Text span size="xs" c="dimmed">
            {' '}
            {rule}
            {since !== null && (
              <>
                , <Ago at={since} />
              </>
            )}
            {unblockedBy !== null && (
              <>
                , ends with{' '}
                {/^[\w.-]+(?:\/[\w.-]+)?$/.test(unblockedBy) ? (
                  <TaskRef id={unblockedBy} plan={plan} />
                ) : (
                  plain(unblockedBy)
                )}
              </>
            )}
          </Text>
        </li>
      ))}
    </ul>
  );
}
