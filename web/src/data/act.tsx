/**
 * Everything that the dashboard changes goes through here: one key per intent, so that a second try after a broken line does
 * nothing twice; what was refused is shown with code, reason and hint; what was done shows its form on the command line.
 */
import { Button, Code, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ReactElement } from 'react';
import { ApiProblem, callApi } from './api.ts';
import { client } from './client.ts';

/** Something to be done, as the API takes it. `orders.ts` makes them. */
export interface Order {
  /** What was done, in the past: `T031 is tried again`. */
  readonly done: string;
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** The same on the command line. */
  readonly cli: string;
}

/** Carries out `order`. Answers what the server answered, or `undefined` after showing why not. */
export async function act<Answer = unknown>(order: Order, { quiet = false } = {}): Promise<Answer | undefined> {
  return attempt<Answer>(order, crypto.randomUUID(), quiet);
}

/** Carries out many orders, four at a time, and says at the end how many went well. Answers how many did. */
export async function actAll(orders: readonly Order[]): Promise<number> {
  const waiting = [...orders];
  let done = 0;
  const work = async (): Promise<void> => {
    for (let order = waiting.shift(); order !== undefined; order = waiting.shift())
      if ((await act(order, { quiet: true })) !== undefined) done += 1;
  };
  await Promise.all(Array.from({ length: Math.min(4, orders.length) }, work));
  if (done > 0) notifications.show({ message: `${done} of ${orders.length} done`, autoClose: 4_000 });
  return done;
}

async function attempt<Answer>(order: Order, key: string, quiet: boolean): Promise<Answer | undefined> {
  const { method, path, body = {}, cli, done } = order;
  try {
    const answer = await callApi<Answer>(path, { method, body, headers: { 'idempotency-key': key } });
    if (!quiet) notifications.show({ message: <Done text={done} cli={cli} />, autoClose: 5_000 });
    void client.invalidateQueries({ refetchType: 'active' }, { cancelRefetch: false });
    return answer ?? ({} as Answer);
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : undefined;
    const again = problem === undefined || problem.status === 0 || problem.status >= 500;
    const id = `problem-${key}`;
    const retry = (): void => (notifications.hide(id), void attempt(order, key, quiet));
    notifications.show({
      id,
      color: 'red',
      autoClose: false,
      title: problem?.code ?? 'failed',
      message: (
        <Refused
          message={String(problem?.message ?? error)}
          problem={problem}
          cli={cli}
          retry={again ? retry : undefined}
        />
      ),
    });
    return undefined;
  }
}

function Done({ text, cli }: { text: string; cli: string }): ReactElement {
  return (
    <Stack gap={4}>
      <Text size="sm">{text}</Text>
      <Code>{cli}</Code>
    </Stack>
  );
}

interface RefusedProps {
  readonly message: string;
  readonly problem: ApiProblem | undefined;
  readonly cli: string;
  readonly retry: (() => void) | undefined;
}

function Refused({ message, problem, cli, retry }: RefusedProps): ReactElement {
  return (
    <Stack gap={4} align="flex-start">
      <Text size="sm">{message}</Text>
      {problem?.faults.map(({ field, message: fault }) => (
        <Text key={field} size="sm">
          {field}: {fault}
        </Text>
      ))}
      {problem !== undefined && problem.hint !== '' && (
        <Text size="sm" c="dimmed">
          {problem.hint}
        </Text>
      )}
      <Code>{cli}</Code>
      {retry !== undefined && (
        <Button size="compact-xs" variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </Stack>
  );
}
