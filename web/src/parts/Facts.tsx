/** Names and values, one under the other. */
import type { ReactElement, ReactNode } from 'react';
import classes from './Facts.module.css';

/** What is `undefined`, `null` or `false` is left out. */
export function Facts({ of }: { of: Readonly<Record<string, ReactNode>> }): ReactElement {
  return (
    <dl className={classes['facts']}>
      {Object.entries(of).map(([name, value]) =>
        value === undefined || value === null || value === false ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  );
}
