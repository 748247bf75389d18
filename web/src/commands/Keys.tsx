/** Keys, drawn as keys. */
import { Group, Kbd } from '@mantine/core';
import type { ReactElement } from 'react';

const mac = navigator.platform.startsWith('Mac');

export function Keys({ keys }: { keys: string }): ReactElement {
  return (
    <Group gap={3} wrap="nowrap" component="span">
      {keys.split(' ').map((key, index) => (
        <Kbd key={`${key}${index}`} size="xs">
          {key.replace('mod+', mac ? '⌘' : 'Ctrl ')}
        </Kbd>
      ))}
    </Group>
  );
}
