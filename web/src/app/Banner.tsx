/** Says what makes the whole page mean something else: that it may be old, or that nobody leads. */
import { Alert, Button, Code, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useLine } from '../data/live.ts';
import { useOverview } from '../data/queries.ts';
import { useNow } from '../parts/Ago.tsx';
import { span } from '../parts/time.ts';

export function Banner(): ReactElement {
  const { up, heardAt } = useLine();
  const now = useNow();
  const client = useQueryClient();
  const { data } = useOverview();
  const waiting = (data?.counts['ready'] ?? 0) + (data?.counts['done'] ?? 0) + (data?.counts['landing'] ?? 0);
  return (
    <output aria-live="polite" className="line">
      {up === false && (
        <Alert color="orange" variant="light" py="xs" mb="md">
          <Group justify="space-between">
            <Text size="sm">
              <b>The server is not heard.</b> What you see is at least {span(Math.max(0, now - heardAt))} old. The page
              tries again by itself and then takes everything anew.
            </Text>
            <Button size="compact-sm" variant="default" onClick={() => void client.invalidateQueries()}>
              Ask now
            </Button>
          </Group>
        </Alert>
      )}
      {up !== false && data?.leader === null && waiting > 0 && (
        <Text size="sm" c="dimmed" mb="md">
          Nobody leads: {waiting} {waiting === 1 ? 'task waits' : 'tasks wait'}, and nothing is given out or lands until{' '}
          <Code>orbit run</Code>.
        </Text>
      )}
    </output>
  );
}
