/** What a task's work changes, file by file, with the word on it. */
import { Group, Stack, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useState, type ReactElement } from 'react';
import { Link, pathOf } from '../../app/Link.tsx';
import { useQueryState } from '../../app/router.ts';
import { useChange, useTask, type Change } from '../../data/queries.ts';
import { Answered, Nothing } from '../../parts/Answered.tsx';
import { Page } from '../../parts/Page.tsx';
import { plain } from '../../parts/plain.ts';
import { Status } from '../../parts/Status.tsx';
import type { ViewProps } from '../../views.ts';
import { Bar } from './Bar.tsx';
import classes from './change.module.css';
import { File } from './File.tsx';
import { FileList } from './FileList.tsx';

export default function ChangeView({ params: { plan = '', task = '' } }: ViewProps): ReactElement {
  const query = useChange(plan, task);
  const detail = useTask(plan, task).data;
  return (
    <Page title={`Change of ${task}`}>
      <Group gap="md">
        {detail !== undefined && <Status status={detail.status} />}
        <Link to={pathOf.task(plan, task)} c="inherit" fz="sm">
          {task} {plain(detail?.title ?? '')}
        </Link>
      </Group>
      <Answered query={query}>
        {(change) => <Shown change={change} waits={detail?.inbox?.kind === 'approval'} />}
      </Answered>
    </Page>
  );
}

function Shown({ change, waits }: { change: Change; waits: boolean }): ReactElement {
  const { tree, subjects, files, more } = change;
  const [style] = useQueryState('view', 'unified');
  const [viewed, setViewed] = useLocalStorage<readonly string[]>({
    key: `orbit-viewed-${tree}`,
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const [open, setOpen] = useState<Readonly<Record<string, boolean>>>({});
  const mark = (path: string): void => {
    const seen = viewed.includes(path);
    setViewed(seen ? viewed.filter((one) => one !== path) : [...viewed, path]);
    setOpen({ ...open, [path]: seen });
  };
  if (files.length === 0) return <Nothing title="Nothing is changed">No attempt has left a commit yet.</Nothing>;
  return (
    <Stack gap="md">
      <Bar change={change} waits={waits} viewed={viewed.length} />
      {subjects.length > 0 && (
        <ul className={classes['subjects']}>
          {subjects.map((subject) => (
            <li key={subject}>{plain(subject)}</li>
          ))}
        </ul>
      )}
      <div className={classes['columns']}>
        <FileList files={files} viewed={viewed} />
        <Stack gap="sm" miw={0}>
          {files.map((file) => (
            <File
              key={file.path}
              file={file}
              split={style === 'split'}
              viewed={viewed.includes(file.path)}
              open={open[file.path]}
              setOpen={(is) => setOpen({ ...open, [file.path]: is })}
              mark={() => mark(file.path)}
            />
          ))}
          {more > 0 && (
            <Text size="sm" c="dimmed">
              {more} more files are not listed; git has them all.
            </Text>
          )}
        </Stack>
      </div>
    </Stack>
  );
}
