/** Trades the code of the link for a session, and says how to get a link where there is neither. */
import { Button, Code, Container, Stack, Text, Title } from '@mantine/core';
import { useEffect, useState, type ReactElement } from 'react';
import { ApiProblem, callApi } from '../data/api.ts';
import { client } from '../data/client.ts';
import { keys } from '../data/keys.ts';

interface CodeState {
  readonly busy: boolean;
  readonly refused: unknown;
}

// Taken out of the address before anything else runs: a code is good once, and belongs in no history.
const code = new URLSearchParams(location.hash.slice(1)).get('code');
if (code !== null) history.replaceState(null, '', location.pathname + location.search);

// Asked once for the page, however often React mounts the component.
const trade = code === null ? undefined : callApi('/api/session', { method: 'POST', body: { code } });

/** Whether a code is being traded, and why it was refused. */
export function useCode(): CodeState {
  const [state, setState] = useState<CodeState>({ busy: trade !== undefined, refused: undefined });
  useEffect(() => {
    trade?.then(
      (session) => (client.setQueryData(keys.session, session), setState({ busy: false, refused: undefined })),
      (refused: unknown) => setState({ busy: false, refused }),
    );
  }, []);
  return state;
}

export function SignIn({ refused, error }: { refused: unknown; error: unknown }): ReactElement {
  const reached = !(error instanceof ApiProblem && error.status === 0);
  return (
    <Container size={520} py={96} component="main">
      <Stack align="flex-start">
        <Title order={1} size="h2">
          {reached ? 'Open the dashboard with a link' : 'The server does not answer'}
        </Title>
        {reached ? (
          <>
            {refused !== undefined && (
              <Text role="alert">
                The link did not work: {refused instanceof Error ? refused.message : 'it was refused'}
              </Text>
            )}
            <Text>This browser has no session here. In the project's directory run</Text>
            <Code block w="100%" fz="md">
              orbit open
            </Code>
            <Text c="dimmed" size="sm">
              It opens this page with a link that works once. There is no account and no password.
            </Text>
          </>
        ) : (
          <>
            <Text>Start it in the project's directory:</Text>
            <Code block w="100%" fz="md">
              orbit serve
            </Code>
          </>
        )}
        <Button variant="default" onClick={() => location.reload()}>
          Look again
        </Button>
      </Stack>
    </Container>
  );
}
