/** What agents and people say to each other, and what they recorded for all. */
import { Button, Group, Stack } from '@mantine/core';
import { useState, type ReactElement } from 'react';
import { useQueryState } from '../../app/router.ts';
import { Problem } from '../../parts/Answered.tsx';
import { Choices } from '../../parts/Choices.tsx';
import { Page } from '../../parts/Page.tsx';
import { Findings } from './Findings.tsx';
import { Send } from './Send.tsx';
import { Threads } from './Threads.tsx';
import { isUndelivered } from './threads.ts';
import { useAllMessages } from './use-all-messages.ts';

export default function MessagesView(): ReactElement {
  const [as, setAs] = useQueryState('as', 'messages');
  const { messages, recipients, pending, error } = useAllMessages();
  const [isWriting, setWriting] = useState(false);
  return (
    <Page
      title="Messages"
      aside={
        <Choices
          label="What is shown"
          value={as}
          choices={[
            { value: 'messages', label: 'Messages', count: messages.filter(isUndelivered).length },
            { value: 'findings', label: 'Findings' },
          ]}
          onChange={setAs}
        />
      }
    >
      {as === 'findings' ? (
        <Findings />
      ) : (
        <Stack gap="md">
          <Group>
            <Button size="xs" variant="default" aria-expanded={isWriting} onClick={() => setWriting(!isWriting)}>
              Write a message…
            </Button>
          </Group>
          {isWriting && <Send recipients={recipients} />}
          {error !== null && messages.length === 0 ? (
            <Problem error={error} />
          ) : (
            !pending && <Threads messages={messages} />
          )}
        </Stack>
      )}
    </Page>
  );
}
