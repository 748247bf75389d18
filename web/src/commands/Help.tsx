/** What the keys do, and the switch that turns single keys off. */
import { Group, Modal, SimpleGrid, Stack, Switch, Text, Title } from '@mantine/core';
import type { ReactElement } from 'react';
import { Keys } from './Keys.tsx';
import { useCommandList, useSingleKeys } from './use-commands.ts';

export function Help({ opened, onClose }: { opened: boolean; onClose: () => void }): ReactElement {
  const commands = useCommandList().filter(({ keys }) => keys !== undefined);
  const [single, setSingle] = useSingleKeys();
  const groups = [...new Set(commands.map(({ group }) => group))];
  return (
    <Modal opened={opened} onClose={onClose} title="Keys" size="lg">
      <Stack>
        <Switch
          label="Single keys"
          description="Off: only combinations with Ctrl, ⌘ or Alt do something"
          checked={single}
          onChange={(event) => setSingle(event.currentTarget.checked)}
        />
        <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xl">
          {groups.map((group) => (
            <Stack key={group} gap={6}>
              <Title order={3} size="h6">
                {group}
              </Title>
              {commands
                .filter((command) => command.group === group)
                .map(({ id, title, keys = '' }) => (
                  <Group key={id} justify="space-between" wrap="nowrap">
                    <Text size="sm">{title}</Text>
                    <Keys keys={keys} />
                  </Group>
                ))}
            </Stack>
          ))}
        </SimpleGrid>
      </Stack>
    </Modal>
  );
}
