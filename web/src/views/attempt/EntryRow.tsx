/** One entry of a transcript. What is long or from a tool is one line until somebody opens it. */
import { memo, type ReactElement } from 'react';
import { plain } from '../../parts/plain.ts';
import classes from './attempt.module.css';
import type { Entry } from './pages.ts';

interface EntryRowProps {
  readonly name: string;
  readonly entry: Entry;
  readonly open: boolean;
  readonly marked: boolean;
  readonly toggle: (name: string) => void;
}

/** Text of so many characters is one line anyway. */
const SHORT = 120;

export const EntryRow = memo(
  function EntryRow({ name, entry: { at, kind, text }, open, marked, toggle }: EntryRowProps): ReactElement {
    const spoken = kind === 'message' || kind === 'text' || kind === 'report';
    const shown = plain(text);
    const folds = !spoken && (shown.length > SHORT || shown.includes('\n'));
    const failed = kind === 'error' || (kind === 'tool-result' && shown.startsWith('failed'));
    return (
      <article
        id={name}
        className={classes['entry']}
        data-kind={spoken ? 'spoken' : 'rest'}
        data-failed={failed}
        data-marked={marked}
      >
        <a href={`#${name}`} className={classes['time']} title="Link to this entry">
          {at === null ? '--:--:--' : new Date(at).toLocaleTimeString('en-GB')}
        </a>
        <span className={classes['kind']}>{kind}</span>
        {folds ? (
          <button type="button" className={classes['fold']} aria-expanded={open} onClick={() => toggle(name)}>
            <span aria-hidden>{open ? '▾ ' : '▸ '}</span>
            <span className={open ? classes['whole'] : classes['line']}>
              {open ? shown : (shown.trimStart().split('\n')[0] ?? '')}
            </span>
          </button>
        ) : (
          <span className={classes['whole']}>{shown}</span>
        )}
      </article>
    );
  },
  (one, other) =>
    one.entry === other.entry && one.open === other.open && one.marked === other.marked && one.name === other.name,
);
