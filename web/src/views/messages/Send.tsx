/** Writes a message to an agent or a person. */
import { Autocomplete, Button, Group, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type FormEvent, type ReactElement } from 'react';
import { act } from '../../data/act.tsx';
import { orders } from '../../data/orders.ts';
import { useAgents } from '../../data/queries.ts';

export function Send({ recipients }: { recipients: readonly string[] }): ReactElement {
  const agents = useAgents().data?.items ?? [];
  const [to, setTo] = useState('');
  const [task, setTask] = useState('');
  const [text, setText] = useState('');
  const send = async (): Promise<void> => {
    const sent = await act(orders.send(to.trim(), text.trim(), task.trim() === '' ? null : task.trim()));
    if (sent !== undefined) setText('');
  };
  const isReady = to.trim() !== '' && text.trim() !== '';
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isReady) void send();
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="xs" maw={720}>
        <Group gap="xs" grow>
          <Autocomplete
            size="xs"
            label="To"
            placeholder="claude-1, or person"
            data={[...new Set([...agents.map(({ agent }) => agent), ...recipients])]}
            value={to}
            onChange={setTo}
          />
          <TextInput
            size="xs"
            label="About"
            placeholder="a task, if any"
            value={task}
            onChange={(event) => setTask(event.currentTarget.value)}
          />
        </Group>
        <Textarea
          size="xs"
          label="Message"
          autosize
          minRows={2}
          maxRows={12}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button type="submit" size="compact-sm" px="sm" disabled={!isReady}>
            Send
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
