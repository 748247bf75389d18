/** What is to be judged, and the word on it: stays in view while the files are read. */
import { Button, Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { useQueryState } from '../../app/router.ts';
import { useCommands } from '../../commands/use-commands.ts';
import type { Change } from '../../data/queries.ts';
import { Choices } from '../../parts/Choices.tsx';
import { approve, sendBack } from '../../parts/task-deeds.ts';
import classes from './change.module.css';

interface BarProps {
  readonly change: Change;
  /** It waits for a person's word. */
  readonly waits: boolean;
  /** How many files were looked at. */
  readonly viewed: number;
}

export function Bar({ change, waits, viewed }: BarProps): ReactElement {
  const { tree, proven, files, linesAdded, linesRemoved, more } = change;
  const [style, setStyle] = useQueryState('view', 'unified');
  return (
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
          {viewed} of {files.length} looked at
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
        {waits && tree !== null && <Word plan={change.plan} task={change.task} tree={tree} />}
      </Group>
    </div>
  );
}

/** Yes or no to exactly this tree. */
function Word({ plan, task, tree }: { plan: string; task: string; tree: string }): ReactElement {
  const yes = (): void => void approve({ plan, task }, tree);
  const no = (): void => void sendBack({ plan, task });
  useCommands([
    { id: 'approve', title: `Approve ${task}`, group: 'This change', run: yes },
    { id: 'send-back', title: `Send ${task} back`, group: 'This change', run: no },
  ]);
  return (
    <>
      <Button size="compact-sm" px="sm" variant="default" onClick={no}>
        Send back…
      </Button>
      <Button size="compact-sm" px="sm" onClick={yes}>
        Approve this tree
      </Button>
    </>
  );
}
