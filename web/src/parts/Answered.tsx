/** What stands where an answer of the server belongs: a wait, a problem, nothing, or the view itself. */
import { Alert, Code, Skeleton, Stack, Text, Title } from '@mantine/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactElement, ReactNode } from 'react';
import { ApiProblem } from '../data/api.ts';

interface AnsweredProps<Data> {
  readonly query: UseQueryResult<Data>;
  readonly children: (data: Data) => ReactNode;
}

/** Draws `children` with the answer; what is already there stays while a new answer fails, the banner tells that. */
export function Answered<Data>({ query, children }: AnsweredProps<Data>): ReactElement {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error !== null) return <Problem error={query.error} />;
  return (
    <Stack gap="xs" aria-busy aria-label="Loading">
      <Skeleton h={28} w="40%" />
      <Skeleton h={20} />
      <Skeleton h={20} />
      <Skeleton h={20} w="70%" />
    </Stack>
  );
}

export function Problem({ error }: { error: unknown }): ReactElement {
  const problem = error instanceof ApiProblem ? error : undefined;
  return (
    <Alert color="red" variant="light" title={problem?.message ?? String(error)} maw={720}>
      {problem !== undefined && (
        <Stack gap={4} align="flex-start">
          {problem.hint !== '' && <Text size="sm">{problem.hint}</Text>}
          <Code>{problem.code}</Code>
        </Stack>
      )}
    </Alert>
  );
}

/** Nothing to show: says why, and what would bring something here. */
export function Nothing({ title, children }: { title: string; children?: ReactNode }): ReactElement {
  return (
    <Stack gap={6} py="xl" maw={560}>
      <Title order={2} size="h4">
        {title}
      </Title>
      <Text size="sm" c="dimmed" component="div">
        {children}
      </Text>
    </Stack>
  );
}
