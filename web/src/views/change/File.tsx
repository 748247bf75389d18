/** One file of a change: drawn when it comes into view, first as plain text, then in colour. */
import { Button, Group, Text } from '@mantine/core';
import { useIntersection } from '@mantine/hooks';
import { memo, useMemo, useState, type ReactElement } from 'react';
import type { Change } from '../../data/queries.ts';
import { plain } from '../../parts/plain.ts';
import classes from './change.module.css';
import { anchorOf } from './FileList.tsx';
import { countLines, isGenerated, parsePatch } from './patch.ts';
import { Diff } from './Diff.tsx';
import { useColors } from './use-colors.ts';

interface FileProps {
  readonly file: Change['files'][number];
  readonly split: boolean;
  readonly viewed: boolean;
  /** `undefined`: as the file itself suggests. */
  readonly open: boolean | undefined;
  readonly setOpen: (is: boolean) => void;
  readonly mark: () => void;
}

/** Changes of more lines are shown when they are asked for. */
const LINES_MAX = 500;
/** Height of a line, as the style sheet has it: what is not drawn yet takes as much room. */
const LINE_PX = 20;

export const File = memo(function File({ file, split, viewed, open, setOpen, mark }: FileProps): ReactElement {
  const { path, kind, inScope, risks, patch } = file;
  const { ref, entry } = useIntersection({ rootMargin: '600px' });
  const hunks = useMemo(() => parsePatch(patch ?? ''), [patch]);
  const { added, removed } = useMemo(() => countLines(hunks), [hunks]);
  const long = added + removed > LINES_MAX;
  const shown = open ?? !(viewed || long || isGenerated(path));
  const near = useNear(entry);
  const colors = useColors(path, hunks, shown && near && !long);
  const room = hunks.reduce((lines, hunk) => lines + hunk.lines.length + 1, 0) * LINE_PX;
  const why = long
    ? `${added + removed} lines`
    : isGenerated(path)
      ? 'written by a program'
      : viewed
        ? 'looked at'
        : '';
  return (
    <section className={classes['file']} id={anchorOf(path)} aria-label={plain(path)} ref={ref}>
      <header className={classes['head']}>
        <button type="button" aria-expanded={shown} onClick={() => setOpen(!shown)} className={classes['fold']}>
          <span aria-hidden>{shown ? '▾' : '▸'}</span> <bdi>{plain(path)}</bdi>
        </button>
        <Group gap="sm" wrap="nowrap">
          {kind !== 'modified' && (
            <Text size="xs" c="dimmed">
              {kind}
            </Text>
          )}
          <Text size="xs">
            <span className={classes['added']}>+{added}</span> <span className={classes['removed']}>−{removed}</span>
          </Text>
          <label className={classes['viewed']}>
            <input type="checkbox" checked={viewed} onChange={mark} /> looked at
          </label>
        </Group>
      </header>
      {!inScope && <p className={classes['warning']}>⤢ It lies outside of the task's scope.</p>}
      {risks.map((risk) => (
        <p key={risk} className={classes['warning']}>
          ▲ {plain(risk)}
        </p>
      ))}
      {shown && patch === null && <p className={classes['note']}>No text, or too large to show; git has it.</p>}
      {shown && patch !== null && hunks.length === 0 && (
        <p className={classes['note']}>Only its mode or name changes.</p>
      )}
      {shown &&
        hunks.length > 0 &&
        (near ? <Diff hunks={hunks} split={split} colors={colors} /> : <div style={{ height: room }} />)}
      {!shown && why !== '' && patch !== null && (
        <p className={classes['note']}>
          Folded: {why}.{' '}
          <Button size="compact-xs" variant="default" onClick={() => setOpen(true)}>
            Show
          </Button>
        </p>
      )}
    </section>
  );
});

/** Whether it was in view once, or close to it: what was drawn stays. */
function useNear(entry: IntersectionObserverEntry | null): boolean {
  const [near, setNear] = useState(false);
  if (!near && entry?.isIntersecting === true) setNear(true);
  return near;
}
