/** The list of tasks: a query box, thousands of rows, and what can be done to many at once. */
import { Group, Text } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useDeferredValue, useMemo, useState, type ReactElement } from 'react';
import { useQueryState } from '../../app/router.ts';
import { useTasks } from '../../data/queries.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Choices } from '../../parts/Choices.tsx';
import { Page } from '../../parts/Page.tsx';
import { Bulk } from './Bulk.tsx';
import { NewTask } from './NewTask.tsx';
import { Plans } from './Plans.tsx';
import { parseQuery, type TaskRow } from './query.ts';
import { QueryBox } from './QueryBox.tsx';
import { sortRows } from './sort.ts';
import classes from './tasks.module.css';
import { TaskTable } from './TaskTable.tsx';
import { useTaskRows } from './use-task-rows.ts';

const filters: readonly (readonly [query: string, label: string])[] = [
  ['', 'all'],
  ['state:needs-you', 'needs you'],
  ['state:active', 'active'],
  ['state:ready', 'ready'],
  ['state:blocked,waiting', 'blocked'],
  ['state:ended', 'ended'],
];

export default function TasksView(): ReactElement {
  const query = useTasks();
  return (
    <Page title="Tasks" aside={<NewTask />}>
      <Answered query={query}>{() => <Tasks />}</Answered>
    </Page>
  );
}

function Tasks(): ReactElement {
  const rows = useTaskRows();
  const [text, setText] = useQueryState('q');
  const [sort, setSort] = useQueryState('sort', 'status');
  const [compact, setCompact] = useLocalStorage({
    key: 'orbit-compact',
    defaultValue: false,
    getInitialValueInEffect: false,
  });
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const asked = useDeferredValue(text);
  const parsed = useMemo(() => parseQuery(asked), [asked]);
  const shown = useMemo(() => sortRows(rows.filter(parsed.matches), sort), [rows, parsed, sort]);
  const chosen = useMemo(() => shown.filter(({ key }) => selected.has(key)), [shown, selected]);
  return (
    <div className={classes['view']}>
      <Plans />
      <QueryBox value={text} onChange={setText} faults={parsed.faults} />
      <Group justify="space-between" gap="xs">
        <Choices label="Filters" value={text} onChange={setText} choices={counted(rows)} />
        <Group gap="sm">
          <Text size="sm" c="dimmed" aria-live="polite">
            {shown.length === rows.length ? `${rows.length} tasks` : `${shown.length} of ${rows.length} tasks`}
          </Text>
          <Choices
            label="Density"
            quiet
            value={compact ? 'compact' : 'normal'}
            onChange={(value) => setCompact(value === 'compact')}
            choices={[
              { value: 'normal', label: 'normal' },
              { value: 'compact', label: 'compact' },
            ]}
          />
        </Group>
      </Group>
      <Bulk rows={chosen} clear={() => setSelected(new Set())} />
      <TaskTable {...{ rows: shown, sort, setSort, compact, selected, setSelected }} />
    </div>
  );
}

function counted(rows: readonly TaskRow[]): { value: string; label: string; count: number }[] {
  return filters.map(([value, label]) => ({ value, label, count: rows.filter(parseQuery(value).matches).length }));
}
