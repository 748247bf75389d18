/** The frame of a view: its title, which is also the page's, what stands beside it, and the view. */
import { Group, Stack, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { ReactElement, ReactNode } from 'react';
import { useOverview } from '../data/queries.ts';

interface PageProps {
  readonly title: string;
  /** Beside the title: counts, filters. */
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, aside, children }: PageProps): ReactElement {
  const { data } = useOverview();
  const count = data?.needsYou ?? 0;
  useDocumentTitle(`${count > 0 ? `(${count}) ` : ''}${title} · ${data?.project ?? 'Orbit'}`);
  return (
    <Stack gap="md">
      <Group justify="space-between" align="center" gap="sm">
        <Title order={1} size="h3">
          {title}
        </Title>
        {aside}
      </Group>
      {children}
    </Stack>
  );
}
