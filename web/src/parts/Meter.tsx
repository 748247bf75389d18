/** A share of something limited: a bar with its number; near the end its colour changes too. */
import { Text } from '@mantine/core';
import type { ReactElement } from 'react';
import classes from './Meter.module.css';

export function Meter({ label, share }: { label: string; share: number }): ReactElement {
  const percent = Math.round(Math.min(1, Math.max(0, share)) * 100);
  return (
    <div className={classes['meter']} data-level={percent >= 90 ? 'full' : percent >= 70 ? 'high' : 'low'}>
      <meter min={0} max={100} value={percent} aria-label={label} />
      <span className={classes['track']} aria-hidden>
        <span style={{ width: `${percent}%` }} />
      </span>
      <Text span size="xs">
        {percent} % {label}
      </Text>
    </div>
  );
}
