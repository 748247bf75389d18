/** Makes a task: what is asked, in which plan, after what, and where it may write. */
import { Button, Group, Modal, Select, Stack, Textarea, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useState, type FormEvent, type ReactElement } from 'react';
import type { Task } from '../../../../src/api/contract.ts';
import { pathOf } from '../../app/Link.tsx';
import { navigate } from '../../app/router.ts';
import { useCommands } from '../../commands/use-commands.ts';
import { act } from '../../data/act.tsx';
import { orders } from '../../data/orders.ts';
import { usePlans } from '../../data/queries.ts';
import { linesOf, wordsOf } from '../../parts/typed.ts';

/** The button, its command, and the form behind both. */
export function NewTask(): ReactElement {
  const [opened, { open, close }] = useDisclosure();
  useCommands([{ id: 'new-task', title: 'New task', group: 'Tasks', keys: 'c', run: open }]);
  return (
    <>
      <Button size="compact-sm" px="sm" variant="default" onClick={open}>
        New task…
      </Button>
      <Modal opened={opened} onClose={close} title="New task" size="lg">
        <Form close={close} />
      </Modal>
    </>
  );
}

function Form({ close }: { close: () => void }): ReactElement {
  const plans = usePlans().data?.items ?? [];
  const [chosen, choose] = useState<string | null>(null);
  const plan =
    chosen ?? plans.findLast(({ completed, total }) => completed < total)?.plan ?? plans.at(-1)?.plan ?? null;
  const [title, setTitle] = useState('');
  const [description, setDescription] = useState('');
  const [needs, setNeeds] = useState('');
  const [scope, setScope] = useState('');
  const [busy, setBusy] = useState(false);
  const isReady = title.trim() !== '' && plan !== null;
  const make = async (): Promise<void> => {
    setBusy(true);
    const made = await act<Task>(
      orders.create(plan ?? '', {
        title: title.trim(),
        description,
        dependencies: wordsOf(needs),
        scope: linesOf(scope),
      }),
    );
    setBusy(false);
    if (made === undefined) return;
    close();
    navigate(pathOf.task(made.plan, made.id));
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isReady) void make();
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack>
        <TextInput
          data-autofocus
          label="Title"
          value={title}
          maxLength={400}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Textarea
          label="What is asked"
          description="Everything that an agent has to know"
          autosize
          minRows={4}
          maxRows={18}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <Group grow align="flex-start">
          <Select
            label="Plan"
            allowDeselect={false}
            data={plans.map((one) => ({ value: one.plan, label: `${one.plan} ${one.title}` }))}
            value={plan}
            onChange={choose}
          />
          <TextInput
            label="Needs"
            placeholder="T031, T032"
            value={needs}
            onChange={(event) => setNeeds(event.currentTarget.value)}
          />
        </Group>
        <ScopeField value={scope} change={setScope} />
        <Ends close={close} busy={busy} isReady={isReady} />
      </Stack>
    </form>
  );
}

function ScopeField({ value, change }: { value: string; change: (text: string) => void }): ReactElement {
  return (
    <Textarea
      label="Scope, a path or glob a line"
      placeholder="Any path, if nothing is said"
      autosize
      minRows={2}
      value={value}
      onChange={(event) => change(event.currentTarget.value)}
    />
  );
}

function Ends({ close, busy, isReady }: { close: () => void; busy: boolean; isReady: boolean }): ReactElement {
  return (
    <Group justify="flex-end">
      <Button variant="default" onClick={close}>
        Not now
      </Button>
      <Button type="submit" loading={busy} disabled={!isReady}>
        Make the task
      </Button>
    </Group>
  );
}
