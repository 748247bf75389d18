/** What a task's work changes, file by file, with the word on it. */
import { Button, Group, Stack, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useState, type ReactElement } from 'react';
import { Link, pathOf } from '../../app/Link.tsx';
import { useQueryState } from '../../app/router.ts';
import { useCommands } from '../../commands/use-commands.ts';
import { useChange, useTask, type Change } from '../../data/queries.ts';
import { Answered, Nothing } from '../../parts/Answered.tsx';
import { Choices } from '../../parts/Choices.tsx';
import { Page } from '../../parts/Page.tsx';
import { plain } from '../../parts/plain.ts';
import { Status } from '../../parts/Status.tsx';
import { approve, sendBack } from '../../parts/task-deeds.ts';
import type { ViewProps } from '../../views.ts';
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
  const { plan, task, tree, proven, subjects, files, linesAdded, linesRemoved, more } = change;
  const [style, setStyle] = useQueryState('view', 'unified');
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
  useCommands(
    waits && tree !== null
      ? [
          {
            id: 'approve',
            title: `Approve ${task}`,
            group: 'This change',
            run: () => void approve({ plan, task }, tree),
          },
          {
            id: 'send-back',
            title: `Send ${task} back`,
            group: 'This change',
            run: () => void sendBack({ plan, task }),
          },
        ]
      : [],
  );
  if (files.length === 0) return <Nothing title="Nothing is changed">No attempt has left a commit yet.</Nothing>;
  return (
    <Stack gap="md">
      <div className={classes['bar']}>
        <Group gap="md">
          <Text size="sm">
            {files.length + more} files <span className={classes['added']}>+{linesAdded}</span>{' '}
            <span className={classes['removed']}>−{linesRemoved}</span>
          </Text>
          <Text size="sm" c="dimmed">
            {proven ? 'proven' : 'not proven: what the last attempt left'}
            {tree !== null && `, tree ${tree.slice(0, 12)}`}
          </Text>
          <Text size="sm" c="dimmed" aria-live="polite">
            {viewed.length} of {files.length} looked at
          </Text>
        </Group>
        <Group gap="xs">
          <Choices
            label="Layout"
            quiet
            value={style}
            onChange={setStyle}
            choices={[
              { value: 'unified', label: 'unified' },
              { value: 'split', label: 'split' },
            ]}
          />
          {waits && tree !== null && (
            <>
              <Button size="compact-sm" px="sm" variant="default" onClick={() => void sendBack({ plan, task })}>
                Send back…
              </Button>
              <Button size="compact-sm" px="sm" onClick={() => void approve({ plan, task }, tree)}>
                Approve this tree
              </Button>
            </>
          )}
        </Group>
      </div>
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
