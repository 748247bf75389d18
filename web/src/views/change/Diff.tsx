/** The lines of a file's change, one column or two, in colour once there is any. */
import { memo, type ReactElement } from 'react';
import { plain } from '../../parts/plain.ts';
import classes from './change.module.css';
import type { Hunk, Line } from './patch.ts';
import type { Piece } from './sides.ts';
import { pairLines } from './split.ts';

interface DiffProps {
  readonly hunks: readonly Hunk[];
  readonly split: boolean;
  readonly colors: readonly (readonly (readonly Piece[] | undefined)[])[] | undefined;
}

export const Diff = memo(function Diff({ hunks, split, colors }: DiffProps): ReactElement {
  return (
    <div className={classes['diff']} data-split={split}>
      {hunks.map((hunk, index) => (
        <div key={`${hunk.from}-${index}`} className={classes['hunk']}>
          <div className={classes['context']}>
            {index > 0 || hunk.from > 1 ? '⋯ ' : ''}
            line {hunk.from} {plain(hunk.context)}
          </div>
          {split ? <Split hunk={hunk} colors={colors?.[index]} /> : <Unified hunk={hunk} colors={colors?.[index]} />}
        </div>
      ))}
    </div>
  );
});

interface HunkProps {
  readonly hunk: Hunk;
  readonly colors: readonly (readonly Piece[] | undefined)[] | undefined;
}

function Unified({ hunk: { lines }, colors }: HunkProps): ReactElement {
  return (
    <>
      {lines.map((line, index) => (
        <div key={`${line.sign}${line.before}-${line.after}`} className={classes['row']} data-sign={line.sign}>
          <span className={classes['number']}>{line.before ?? ''}</span>
          <span className={classes['number']}>{line.after ?? ''}</span>
          <Code line={line} pieces={colors?.[index]} />
        </div>
      ))}
    </>
  );
}

function Split({ hunk: { lines }, colors }: HunkProps): ReactElement {
  return (
    <>
      {pairLines(lines).map(({ left, right }) => (
        <div key={`${left}-${right}`} className={classes['pair']}>
          {[left, right].map((at, side) => {
            const line = at === undefined ? undefined : lines[at];
            return (
              <div key={side === 0 ? 'left' : 'right'} className={classes['row']} data-sign={line?.sign ?? 'none'}>
                <span className={classes['number']}>{(side === 0 ? line?.before : line?.after) ?? ''}</span>
                {line === undefined || at === undefined ? <span /> : <Code line={line} pieces={colors?.[at]} />}
              </div>
            );
          })}
        </div>
      ))}
    </>
  );
}

const words = { '+': 'added', '-': 'removed', ' ': undefined } as const;

function Code({
  line: { sign, text, endsOpen },
  pieces,
}: {
  line: Line;
  pieces: readonly Piece[] | undefined;
}): ReactElement {
  return (
    <code
      className={classes['code']}
      data-sign={sign}
      aria-label={words[sign] === undefined ? undefined : `${words[sign]}: ${text}`}
    >
      {pieces === undefined
        ? plain(text)
        : pieces.map(([piece, light, dark], index) => (
            <span key={index} style={{ color: `light-dark(${light}, ${dark})` }}>
              {plain(piece)}
            </span>
          ))}
      {endsOpen && <i title="No newline at the end of the file"> ⏎̸</i>}
    </code>
  );
}
