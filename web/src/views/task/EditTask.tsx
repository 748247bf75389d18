/** Changes what a task asks for: its words, its scope, its checks, its priority. Only what was changed is sent. */
import { Button, Group, Modal, NumberInput, Stack, Textarea, TextInput } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import type { TaskDetail } from '../../../../src/api/contract.ts';
import { act } from '../../data/act.tsx';
import { orders } from '../../data/orders.ts';
import { linesOf } from '../../parts/typed.ts';

export function EditTask({ data, close }: { data: TaskDetail; close: () => void }): ReactElement {
  const [title, setTitle] = useState(data.title);
  const [description, setDescription] = useState(data.body);
  const [scope, setScope] = useState(data.scope.join('\n'));
  const [checks, setChecks] = useState(data.checks.join('\n'));
  const [priority, setPriority] = useState(data.priority);
  const [busy, setBusy] = useState(false);
  const fields = {
    ...(title === data.title ? {} : { title }),
    ...(description === data.body ? {} : { description }),
    ...(scope === data.scope.join('\n') ? {} : { scope: linesOf(scope) }),
    ...(checks === data.checks.join('\n') ? {} : { checks: linesOf(checks) }),
    ...(priority === data.priority ? {} : { priority }),
  };
  const save = async (): Promise<void> => {
    setBusy(true);
    const done = await act(orders.edit({ plan: data.plan, task: data.id }, fields));
    setBusy(false);
    if (done !== undefined) close();
  };
  return (
    <Modal opened onClose={close} title={`Edit ${data.id}`} size="lg">
      <Stack>
        <TextInput label="Title" value={title} onChange={(event) => setTitle(event.currentTarget.value)} />
        <Textarea
          label="What is asked"
          autosize
          minRows={4}
          maxRows={18}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Textarea
          label="Scope, a path or glob a line"
          autosize
          minRows={2}
          value={scope}
          onChange={(event) => setScope(event.currentTarget.value)}
        />
        <Textarea
          label="Checks, a command a line"
          autosize
          minRows={1}
          value={checks}
          onChange={(event) => setChecks(event.currentTarget.value)}
        />
        <NumberInput
          label="Priority"
          description="Larger is sooner; 0 is normal"
          min={-1000}
          max={1000}
          value={priority}
          onChange={(value) => setPriority(Number(value) || 0)}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={close}>
            Leave it
          </Button>
          <Button loading={busy} disabled={Object.keys(fields).length === 0} onClick={() => void save()}>
            Save
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}
