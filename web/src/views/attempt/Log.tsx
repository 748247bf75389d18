/** A log of an attempt as one text: what its program printed, or what supervision saw. */
import { Button, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState, type ReactElement } from 'react';
import { buildPath } from '../../app/path.ts';
import { callApi } from '../../data/api.ts';
import { Answered } from '../../parts/Answered.tsx';
import { plain } from '../../parts/plain.ts';
import classes from './attempt.module.css';

interface LogText {
  readonly text: string;
  readonly live: boolean;
  readonly more: boolean;
}

const FIRST = 500;
/** The most lines that the API gives in one answer. */
const MOST = 2_000;
const POLL_MS = 2_000;

export function Log({ token, log }: { token: number; log: 'output' | 'monitor' }): ReactElement {
  const [limit, setLimit] = useState(FIRST);
  const path = buildPath(
    '/api/attempts/:token/log',
    { token: String(token) },
    { log, from: '-1', limit: String(limit) },
  );
  const query = useQuery({
    queryKey: ['log', token, log, limit],
    queryFn: ({ signal }) => callApi<LogText>(path, { signal }),
    placeholderData: (before) => before,
    refetchInterval: ({ state }) => (state.data?.live === true ? POLL_MS : false),
  });
  return (
    <Answered query={query}>
      {({ text }) =>
        text === '' ? (
          <Text size="sm" c="dimmed">
            Nothing is written there.
          </Text>
        ) : (
          <>
            {limit < MOST && text.split('\n').length > limit && (
              <Button size="compact-sm" variant="default" mb="xs" onClick={() => setLimit(MOST)}>
                Read what comes before
              </Button>
            )}
            <pre className={classes['log']} aria-label={log}>
              {plain(text)}
            </pre>
          </>
        )
      }
    </Answered>
  );
}
