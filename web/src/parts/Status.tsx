/** A status as the whole dashboard shows it. */
import type { ReactElement } from 'react';
import { lookOf, type Look } from './status.ts';
import classes from './Status.module.css';

interface StatusProps {
  readonly status: string;
  readonly of?: 'task' | 'agent' | 'outcome';
  /** Only the shape, with the word for screen readers and as a tooltip. */
  readonly bare?: boolean;
}

export function Status({ status, of = 'task', bare = false }: StatusProps): ReactElement {
  const { shape, word, color } = lookOf(status, of);
  return (
    <span className={classes['status']} data-color={color} data-bare={bare} title={bare ? word : undefined}>
      <span className={classes['shape']} aria-hidden>
        {shape}
      </span>
      <span className={bare ? classes['hidden'] : undefined} data-word>
        {word}
      </span>
    </span>
  );
}

/** A shape alone, in its colour; the word has to stand beside it. */
export function Shape({ look }: { look: Look }): ReactElement {
  return (
    <span className={classes['status']} data-color={look.color} data-lone aria-hidden>
      <span className={classes['shape']}>{look.shape}</span>
    </span>
  );
}
