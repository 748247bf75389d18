/** Says that the page may be old: since when the server is not heard, and what happens about it. */
import { Alert, Button, Group, Text } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { useLine } from '../data/live.ts';
import { useNow } from '../parts/Ago.tsx';
import { span } from '../parts/time.ts';

export function Banner(): ReactElement {
  const { up, heardAt } = useLine();
  const now = useNow();
  const client = useQueryClient();
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
    </output>
  );
}
