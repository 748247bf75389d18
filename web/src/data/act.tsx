/**
 * Everything that the dashboard changes goes through here: one key per intent, so that a second try after a broken line does
 * nothing twice; what was refused is shown with code, reason and hint; what was done shows its form on the command line.
 */
import { Button, Code, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { ReactElement } from 'react';
import { ApiProblem, callApi } from './api.ts';
import { client } from './client.ts';
import { patiently } from './patiently.ts';

/** Something to be done, as the API takes it. `orders.ts` makes them. */
export interface Order {
  /** What was done, in the past: `T031 is tried again`. */
  readonly done: string;
  readonly method: 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly body?: unknown;
  /** The same on the command line, where there is one. */
  readonly cli?: string;
}

/** Carries out `order`. Answers what the server answered, or `undefined` after showing why not. */
export async function act<Answer = unknown>(order: Order): Promise<Answer | undefined> {
  return attempt<Answer>(order, crypto.randomUUID());
}

/** Carries out many orders, four at a time, and says at the end what came of them. Answers how many went well. */
export async function actAll(orders: readonly Order[]): Promise<number> {
  const waiting = [...orders];
  const refused: string[] = [];
  const work = async (): Promise<void> => {
    for (let order = waiting.shift(); order !== undefined; order = waiting.shift()) {
      const key = crypto.randomUUID();
      const { message, code } = (await patiently(async () => send(order, key)).then(
        () => ({}),
        (error: unknown) => (error instanceof ApiProblem ? error : { message: String(error), code: 'failed' }),
      )) as { message?: string; code?: string };
      if (message !== undefined) refused.push(`${message} (${code})`);
    }
  };
  await Promise.all(Array.from({ length: Math.min(4, orders.length) }, work));
  takeAnew();
  const done = orders.length - refused.length;
  notifications.show({
    title: `${done} of ${orders.length} done`,
    message: [...new Set(refused)].slice(0, 5).join('; '),
    ...(refused.length > 0 ? { color: 'red', autoClose: false } : { autoClose: 4_000 }),
  });
  return done;
}

async function attempt<Answer>(order: Order, key: string): Promise<Answer | undefined> {
  try {
    const answer = await send<Answer>(order, key);
    notifications.show({ message: <Done text={order.done} cli={order.cli} />, autoClose: 5_000 });
    takeAnew();
    return answer;
  } catch (error) {
    const problem = error instanceof ApiProblem ? error : undefined;
    // The same intent keeps its key: if it was done and only the answer was lost, it is not done twice.
    const again = problem === undefined || problem.status === 0 || problem.status >= 500;
    const id = `problem-${key}`;
    const retry = (): void => (notifications.hide(id), void attempt(order, key));
    notifications.show({
      id,
      color: 'red',
      autoClose: false,
      title: problem?.code ?? 'failed',
      message: (
        <Refused
          message={String(problem?.message ?? error)}
          problem={problem}
          cli={order.cli}
          retry={again ? retry : undefined}
        />
      ),
    });
    return undefined;
  }
}

async function send<Answer>({ path, method, body = {} }: Order, key: string): Promise<Answer> {
  const answer = await callApi<Answer | undefined>(path, { method, body, headers: { 'idempotency-key': key } });
  return answer ?? ({} as Answer);
}

/** What is on screen is asked again, whatever the stream tells of it later. */
function takeAnew(): void {
  void client.invalidateQueries({ refetchType: 'active' }, { cancelRefetch: false });
}

function Done({ text, cli }: { text: string; cli: string | undefined }): ReactElement {
  return (
    <Stack gap={4}>
      <Text size="sm">{text}</Text>
      {cli !== undefined && <Code>{cli}</Code>}
    </Stack>
  );
}

interface RefusedProps {
  readonly message: string;
  readonly problem: ApiProblem | undefined;
  readonly cli: string | undefined;
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
      {cli !== undefined && <Code>{cli}</Code>}
      {retry !== undefined && (
        <Button size="compact-xs" variant="default" onClick={retry}>
          Try again
        </Button>
      )}
    </Stack>
  );
}
