/** What supervision found in an attempt, with what it saw. */
import { Code, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Attempt } from '../../../../src/api/contract.ts';
import { useTask } from '../../data/queries.ts';
import { Ago } from '../../parts/Ago.tsx';
import { plain } from '../../parts/plain.ts';
import { Section } from '../../parts/Section.tsx';

export function Supervision({ attempt: { token, plan, task, acted } }: { attempt: Attempt }): ReactElement | null {
  const events = useTask(plan, task).data?.events ?? [];
  const hints = events.filter(({ type, attempt }) => attempt === token && type === 'agent-hinted');
  if (acted === null && hints.length === 0) return null;
  return (
    <Section title="What supervision saw">
      {acted !== null && (
        <>
          <Text size="sm">
            Rule <b>{acted.rule}</b> ended it.
          </Text>
          {acted.evidence.length > 0 && (
            <Code block mt={4}>
              {plain(acted.evidence.join('\n'))}
            </Code>
          )}
        </>
      )}
      {hints.map(({ seq, at, data }) => (
        <Text key={seq} size="sm" mt={6}>
          Hint: {plain([data['rule'], data['text']].filter((word) => typeof word === 'string').join(': '))}{' '}
          <Text span size="xs" c="dimmed">
            <Ago at={at} />
          </Text>
        </Text>
      ))}
    </Section>
  );
}
