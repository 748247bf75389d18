/** Answers all shown items at once, where they are of one kind and one answer fits all. */
import { Button, Group, Text } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { actAll } from '../../data/act.tsx';
import type { InboxItem } from '../../data/queries.ts';
import { ask } from '../../parts/ask.tsx';
import { batchOf, kindLooks } from './kinds.ts';

export function BatchBar({ items }: { items: readonly InboxItem[] }): ReactElement | null {
  const [busy, setBusy] = useState(false);
  const kind = items[0]?.kind;
  if (kind === undefined || items.length < 2 || items.some((item) => item.kind !== kind)) return null;
  const batch = batchOf(kind, items);
  if (batch === undefined) return null;
  const { label, text, orders } = batch;
  const run = async (): Promise<void> => {
    const about = `${items.length} of kind “${kindLooks[kind].word}”: ${items.map(({ task, title }) => task ?? title).join(', ')}. ${text}`;
    if ((await ask({ title: label, text: about, confirm: label })) === undefined) return;
    setBusy(true);
    await actAll(orders);
    setBusy(false);
  };
  return (
    <Group gap="sm">
      <Button size="compact-sm" variant="default" loading={busy} onClick={() => void run()}>
        {label} ({items.length})
      </Button>
      <Text size="sm" c="dimmed">
        {text}
      </Text>
    </Group>
  );
}
