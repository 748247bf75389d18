/** What was tried, the newest first. */
import { Table, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Attempt } from '../../../../src/api/contract.ts';
import { Link, pathOf } from '../../app/Link.tsx';
import { Ago, Lasted } from '../../parts/Ago.tsx';
import { plain } from '../../parts/plain.ts';
import { Section } from '../../parts/Section.tsx';
import { Status } from '../../parts/Status.tsx';
import { money } from '../../parts/time.ts';

export function Attempts({ tries }: { tries: readonly Attempt[] }): ReactElement {
  return (
    <Section title="Attempts">
      {tries.length === 0 ? (
        <Text size="sm" c="dimmed">
          Nobody has tried it yet.
        </Text>
      ) : (
        <Table.ScrollContainer minWidth={560}>
          <Table verticalSpacing={6} fz="sm">
            <Table.Thead>
              <Table.Tr>
                <Table.Th>Attempt</Table.Th>
                <Table.Th>Outcome</Table.Th>
                <Table.Th>Why</Table.Th>
                <Table.Th>Took</Table.Th>
                <Table.Th>Cost</Table.Th>
              </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
              {tries.map((one) => (
                <Table.Tr key={one.token}>
                  <Table.Td miw={150}>
                    <Link to={pathOf.attempt(one.token)} inherit>{`${one.token} ${one.agent}`}</Link>
                    <Text size="xs" c="dimmed">
                      {one.rung}
                      {one.model !== null && `, ${plain(one.model)}`}, <Ago at={one.startedAt} />
                    </Text>
                  </Table.Td>
                  <Table.Td>
                    <Status status={one.outcome ?? 'running'} of="outcome" />
                  </Table.Td>
                  <Table.Td>
                    <Text size="sm" lineClamp={2}>
                      {plain(one.reason ?? one.doing)}
                    </Text>
                    {one.acted !== null && (
                      <Text size="xs" c="dimmed">
                        ended by rule {one.acted.rule}
                      </Text>
                    )}
                  </Table.Td>
                  <Table.Td>
                    <Lasted from={one.startedAt} to={one.endedAt} />
                  </Table.Td>
                  <Table.Td>{one.costUsd > 0 ? money(one.costUsd) : ''}</Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
        </Table.ScrollContainer>
      )}
    </Section>
  );
}
