/** What can be done with the board as a whole: search, fold, the longest chain, picture or table. */
import { Button, Checkbox, Group, SegmentedControl, Select, TextInput } from '@mantine/core';
import { useMemo, type ReactElement } from 'react';
import type { Task } from '../../../../src/api/contract.ts';
import { setQuery, useQueryState } from '../../app/router.ts';
import { useBoardState } from './Board.tsx';
import { groupOf, groupings, type Grouping } from './fold.ts';

const groupingNames: Readonly<Record<Grouping, string>> = {
  layer: 'by layer',
  plan: 'by plan',
  agent: 'by agent',
  kind: 'by kind',
};

export function BoardTools({ tasks }: { tasks: readonly Task[] }): ReactElement {
  const { by, folded, find, showChain, asTable } = useBoardState();
  const [, setAs] = useQueryState('as', 'picture');
  const groups = useMemo(() => [...new Set(tasks.map((task) => groupOf(task, by)))], [tasks, by]);
  const finished = useMemo(() => {
    const open = new Set(
      tasks.filter(({ status }) => status !== 'landed' && status !== 'cancelled').map((task) => groupOf(task, by)),
    );
    return groups.filter((group) => !open.has(group));
  }, [tasks, by, groups]);
  const fold = (names: readonly string[]): void => setQuery({ fold: names.join(',') });
  return (
    <Group gap="xs">
      <TextInput
        size="xs"
        w={240}
        data-query-box
        aria-label="Find tasks"
        placeholder="Find by id, title, agent, status"
        value={find}
        onChange={(event) => setQuery({ find: event.currentTarget.value })}
      />
      <SegmentedControl
        size="xs"
        aria-label="How it is shown"
        data={[
          { value: 'picture', label: 'Picture' },
          { value: 'table', label: 'Table' },
        ]}
        value={asTable ? 'table' : 'picture'}
        onChange={setAs}
      />
      <Select
        size="xs"
        w={110}
        aria-label="Group"
        allowDeselect={false}
        data={groupings.map((value) => ({ value, label: groupingNames[value] }))}
        value={by}
        onChange={(value) => setQuery({ by: value === 'layer' ? '' : (value ?? ''), fold: '' })}
      />
      {!asTable && (
        <>
          <Button.Group>
            <Button size="xs" variant="default" disabled={finished.length === 0} onClick={() => fold(finished)}>
              Fold finished
            </Button>
            <Button size="xs" variant="default" onClick={() => fold(groups)}>
              Fold all
            </Button>
            <Button size="xs" variant="default" disabled={folded.size === 0} onClick={() => fold([])}>
              Unfold
            </Button>
          </Button.Group>
          <Checkbox
            size="xs"
            label="Longest open chain"
            checked={showChain}
            onChange={(event) => setQuery({ chain: event.currentTarget.checked ? 'yes' : '' })}
          />
        </>
      )}
    </Group>
  );
}
