/** Every message: the server gives them by recipient, and the log tells who ever was one. */
import { useQueries } from '@tanstack/react-query';
import { useMemo } from 'react';
import { buildPath } from '../../app/path.ts';
import { callApi } from '../../data/api.ts';
import { keys } from '../../data/keys.ts';
import type { List, Message } from '../../data/queries.ts';
import { useEventLog } from '../../replay/use-event-log.ts';

export interface AllMessages {
  readonly messages: readonly Message[];
  /** Everybody who was written to, and the person. */
  readonly recipients: readonly string[];
  readonly pending: boolean;
  readonly error: unknown;
}

export function useAllMessages(): AllMessages {
  const { events, complete, error } = useEventLog();
  const recipients = useMemo(() => {
    const found = new Set(['person']);
    for (const { type, data } of events)
      if (type === 'message-sent' && typeof data['to'] === 'string') found.add(data['to']);
    return [...found].toSorted((a, b) => a.localeCompare(b, 'en'));
  }, [events]);
  const answers = useQueries({
    queries: recipients.map((to) => {
      const filter = { to, all: 'true', limit: '1000' };
      return {
        queryKey: keys.messages(filter),
        queryFn: ({ signal }: { signal: AbortSignal }) =>
          callApi<List<Message>>(buildPath('/api/messages', {}, filter), { signal }),
      };
    }),
  });
  return {
    messages: answers.flatMap(({ data }) => data?.items ?? []),
    recipients,
    pending: !complete || answers.some(({ isPending }) => isPending),
    error: error ?? answers.find((answer) => answer.error !== null)?.error ?? null,
  };
}
