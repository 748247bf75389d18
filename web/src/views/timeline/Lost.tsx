/** Where the time of the chain went, what would help, and the chain itself. */
import { Box, Stack, Table, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { TimeLine } from '../../data/queries.ts';
import { Section } from '../../parts/Section.tsx';
import { TaskRef } from '../../parts/TaskRef.tsx';
import { duration } from './scale.ts';
import classes from './timeline.module.css';

const parts = [
  ['waitedMs', 'waited for an agent'],
  ['workedMs', 'worked'],
  ['retriedMs', 'tried again'],
  ['landingMs', 'landing'],
] as const;

export function Lost({ line }: { line: TimeLine }): ReactElement | null {
  const all = parts.reduce((sum, [part]) => sum + (line.lost[part] ?? 0), 0);
  if (all === 0) return null;
  const share = (part: string): number => (100 * (line.lost[part] ?? 0)) / all;
  return (
    <>
      <Section title="Where the time went">
        <Stack gap="xs">
          <Text size="sm" c="dimmed">
            {duration(all)} from the first start to the end, along the{' '}
            {line.chain.length === 1 ? 'one task that sets' : `${line.chain.length} tasks that set`} it.
          </Text>
          <div className={classes['lost']} aria-hidden>
            {parts.map(([part]) => (
              <Box key={part} className={classes['part']} data-part={part} w={`${share(part)}%`} />
            ))}
          </div>
          <div className={classes['legend']}>
            {parts.map(([part, words]) => (
              <span key={part}>
                <span className={`${classes['swatch']} ${classes['part']}`} data-part={part} />
                {words} {duration(line.lost[part] ?? 0)} ({Math.round(share(part))} %)
              </span>
            ))}
          </div>
          <ul className={classes['advice']}>
            {line.advice.map((text) => (
              <li key={text}>{text}</li>
            ))}
          </ul>
        </Stack>
      </Section>
      <Section title="The chain that sets the end">
        <Table.ScrollContainer minWidth={560} maxHeight={360}>
          <Table stickyHeader>
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Task</Table.Th>
                {parts.map(([part, words]) => (
                  <Table.Th key={part} ta="right">
                    {words}
                  </Table.Th>
                ))}
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {line.chain.map((step) => (
                <Table.Tr key={step.task}>
                  <Table.Td>
                    <TaskRef id={step.task} plan={line.plan} />
                  </Table.Td>
                  {parts.map(([part]) => {
                    const ms = step[part];
                    return (
                      <Table.Td key={part} ta="right">
                        {typeof ms === 'number' && ms > 0 ? duration(ms) : '–'}
                      </Table.Td>
                    );
                  })}
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      </Section>
    </>
  );
}
