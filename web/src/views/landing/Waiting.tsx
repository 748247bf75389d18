/** What waits to land, in the order in which it will, with what each waits for. */
import { Table, Text } from '@mantine/core';
import { useMemo, type ReactElement } from 'react';
import type { Queue } from '../../../../src/api/contract.ts';
import { useTasks } from '../../data/queries.ts';
import { Ago } from '../../parts/Ago.tsx';
import { plain } from '../../parts/plain.ts';
import { Section } from '../../parts/Section.tsx';
import { TaskMenu } from '../../parts/TaskMenu.tsx';
import { TaskRef, TaskRefs } from '../../parts/TaskRef.tsx';

type Entry = Queue['queue'][number];

const stateWords: Readonly<Record<Entry['state'], string>> = {
  train: 'in the train',
  next: 'next',
  queued: 'queued',
  done: 'not queued yet',
  'put-back': 'put back',
  landed: 'landed',
};

export function Waiting({ entries }: { entries: readonly Entry[] }): ReactElement {
  const tasks = useTasks().data?.items;
  const byKey = useMemo(() => new Map(tasks?.map((task) => [task.key, task])), [tasks]);
  return (
    <Section title="In the order of landing">
      <Table.ScrollContainer minWidth={760}>
        <Table fz="sm" verticalSpacing={6}>
          <Table.Thead>
            <Table.Tr>
              {['', 'Task', 'State', 'Behind', 'Since', 'Put back so far', 'What keeps it', ''].map((name, index) => (
                // The first column is a number, the last holds actions.
                // oxlint-disable-next-line react/no-array-index-key -- columns never move
                <Table.Th key={`${name} ${index}`}>{name}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {entries.map(
              ({ task, plan, title, state, place, suspect, after, at, bounces, reason, held, remedy }, index) => {
                const known = byKey.get(`${plan}/${task}`);
                const why = held?.why ?? remedy ?? reason ?? (known?.status === 'needs-you' ? known.reason : null);
                return (
                  <Table.Tr key={`${plan}/${task}`}>
                    <Table.Td c="dimmed">{index + 1}</Table.Td>
                    <Table.Td>
                      <TaskRef id={`${plan}/${task}`} plan={plan} /> {plain(title)}
                    </Table.Td>
                    <Table.Td>
                      {stateWords[state]}
                      {place === null ? '' : `, place ${place}`}
                      {suspect && (
                        <Text span size="sm" fw={500}>
                          {' '}
                          ▲ suspect
                        </Text>
                      )}
                    </Table.Td>
                    <Table.Td>
                      <TaskRefs ids={after} plan={plan} none="–" />
                    </Table.Td>
                    <Table.Td>
                      <Ago at={at} />
                    </Table.Td>
                    <Table.Td>{bounces === 0 ? '–' : bounces}</Table.Td>
                    <Table.Td maw={320}>{why === null ? '' : plain(why)}</Table.Td>
                    <Table.Td>{known !== undefined && <TaskMenu task={known} />}</Table.Td>
                  </Table.Tr>
                );
              },
            )}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Section>
  );
}
