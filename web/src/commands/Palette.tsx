/** The palette: every command by name. */
import { Kbd } from '@mantine/core';
import { Spotlight } from '@mantine/spotlight';
import type { ReactElement } from 'react';
import { Keys } from './Keys.tsx';
import { useCommandList } from './use-commands.ts';

export function Palette(): ReactElement {
  const commands = useCommandList();
  const groups = [...new Set(commands.map(({ group }) => group))];
  return (
    <Spotlight
      attributes={{ content: { 'aria-label': 'Commands' } }}
      shortcut={null}
      limit={30}
      scrollable
      overlayProps={{ blur: 0, backgroundOpacity: 0.45 }}
      maxHeight="60vh"
      nothingFound="No command has that name"
      searchProps={{
        placeholder: 'What do you want to do?',
        rightSection: <Kbd size="xs">esc</Kbd>,
        rightSectionWidth: 52,
      }}
      actions={groups.map((group) => ({
        group,
        actions: commands
          .filter((command) => command.group === group)
          .map(({ id, title, keys, run }) => ({
            id,
            label: title,
            onClick: run,
            ...(keys === undefined ? {} : { rightSection: <Keys keys={keys} /> }),
          })),
      }))}
    />
  );
}
