/** The answers to a matter, the likeliest first. */
import { Button, Group, Stack, Textarea } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { Link, pathOf } from '../../app/Link.tsx';
import { act, type Order } from '../../data/act.tsx';
import { orders } from '../../data/orders.ts';
import type { InboxItem } from '../../data/queries.ts';
import { ask, type Question } from '../../parts/ask.tsx';
import { OtherAgent } from '../../parts/OtherAgent.tsx';
import { accountOf, messageOf, taskOf } from './kinds.ts';

type Verb = InboxItem['actions'][number];

/** How each verb is asked and what it orders; `answer` has a field of its own. */
function orderOf(verb: Verb, item: InboxItem): { question?: Question; order: (words: string) => Order } | undefined {
  if (verb === 'ack') return { order: () => orders.acknowledge([messageOf(item)]) };
  const of = taskOf(item);
  if (of === undefined)
    return verb === 'resume'
      ? { order: () => orders.openAccount(accountOf(item), 'opened in the dashboard') }
      : undefined;
  const { task } = of;
  const { work } = item;
  const asked = (
    question: Question,
    make: (words: string) => Order,
  ): { question: Question; order: (words: string) => Order } => ({
    question: { ...question, cli: (words) => make(words).cli ?? '' },
    order: make,
  });
  switch (verb) {
    case 'approve':
      return work === null ? undefined : { order: () => orders.approve(of, work.tree) };
    case 'reject':
      return asked(
        {
          title: `Send ${task} back`,
          label: 'What has to be different? Its next attempt reads this.',
          confirm: 'Send back',
        },
        (words) => orders.reject(of, words),
      );
    case 'retry':
      return asked(
        { title: `Try ${task} again`, label: 'Advice for the next attempt', optional: true, confirm: 'Try again' },
        (words) => orders.retry(of, words),
      );
    case 'cancel':
      return asked(
        {
          title: `Cancel ${task}`,
          text: 'It will not be done; tasks that need it come to the inbox.',
          label: 'Why',
          confirm: 'Cancel the task',
          danger: true,
        },
        (words) => orders.cancel(of, words),
      );
    case 'close':
      return asked(
        {
          title: `Close ${task} as done`,
          text: 'No proof is asked for; tasks that need it go on.',
          label: 'Why',
          confirm: 'Close as done',
        },
        (words) => orders.close(of, words),
      );
    case 'grant':
      return { order: () => orders.grant(of) };
    case 'deny':
      return asked({ title: `Keep the scope of ${task}`, label: 'Why, for the agent', confirm: 'Deny' }, (words) =>
        orders.deny(of, words),
      );
    case 'release':
    case 'resume':
      return { order: () => orders.resume(of) };
    default:
      return undefined;
  }
}

const labels: Readonly<Record<Verb, string>> = {
  answer: 'Answer',
  approve: 'Approve',
  reject: 'Send back…',
  retry: 'Try again…',
  cancel: 'Cancel the task…',
  close: 'Close as done…',
  release: 'Let it go on',
  grant: 'Grant',
  deny: 'Deny…',
  resume: 'Use it again',
  ack: 'Acknowledge',
};

export function Answer({ item }: { item: InboxItem }): ReactElement | null {
  const [busy, setBusy] = useState<string>();
  const of = taskOf(item);
  const verbs = item.actions.filter((verb) => verb !== 'answer' && orderOf(verb, item) !== undefined);
  const give = async (verb: string, order: Order): Promise<boolean> => {
    setBusy(verb);
    const done = (await act(order)) !== undefined;
    setBusy(undefined);
    return done;
  };
  const run = async (verb: Verb): Promise<void> => {
    const choice = orderOf(verb, item);
    if (choice === undefined) return;
    const words = choice.question === undefined ? '' : await ask(choice.question);
    if (words !== undefined) await give(verb, choice.order(words));
  };
  const answers = item.actions.includes('answer') && of !== undefined;
  const again = of !== undefined && (answers || item.actions.includes('retry'));
  if (verbs.length === 0 && !answers) return null;
  return (
    <Stack gap="xs">
      {answers && (
        <Reply task={of.task} busy={busy === 'answer'} give={(words) => give('answer', orders.retry(of, words))} />
      )}
      <Group gap="xs">
        {verbs.map((verb, index) => (
          <Button
            key={verb}
            size="compact-sm"
            px="sm"
            variant={index === 0 && !answers ? 'filled' : 'default'}
            data-primary={index === 0 && !answers ? '' : undefined}
            loading={busy === verb}
            disabled={busy !== undefined && busy !== verb}
            onClick={() => void run(verb)}
          >
            {labels[verb]}
          </Button>
        ))}
        {again && <OtherAgent of={of} />}
        {item.work !== null && of !== undefined && (
          <Link to={pathOf.change(of.plan, of.task)} fz="sm">
            Read the diff
          </Link>
        )}
      </Group>
    </Stack>
  );
}

/** The answer to a question: the next attempt goes on with it. */
function Reply({
  task,
  busy,
  give,
}: {
  task: string;
  busy: boolean;
  give: (words: string) => Promise<boolean>;
}): ReactElement {
  const [words, setWords] = useState('');
  const send = async (): Promise<void> => {
    if (words.trim() !== '' && (await give(words.trim()))) setWords('');
  };
  return (
    <Group gap="xs" align="flex-end" wrap="nowrap">
      <Textarea
        data-primary
        flex={1}
        autosize
        minRows={1}
        maxRows={8}
        aria-label={`Answer to ${task}`}
        placeholder="Your answer; the agent goes on with it"
        value={words}
        onChange={(event) => setWords(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send();
        }}
      />
      <Button loading={busy} disabled={words.trim() === ''} onClick={() => void send()}>
        Answer
      </Button>
    </Group>
  );
}
