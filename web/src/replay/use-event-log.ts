/** The whole log for the views that need it: read when the first of them is shown, kept up from then on. */
import { useEffect, useSyncExternalStore } from 'react';
import { onEvents } from '../data/live.ts';
import { fetchEvents } from '../data/queries.ts';
import { EventLog, type Logged } from './event-log.ts';

/** As many as the server gives at once. */
const pageSize = '5000';

const log = new EventLog((since) => fetchEvents(since, { limit: pageSize }));
let isFollowed = false;

export function useEventLog(): Logged {
  useEffect(() => {
    if (!isFollowed) onEvents((events) => log.add(events));
    isFollowed = true;
    void log.load();
  }, []);
  return useSyncExternalStore(log.subscribe, log.now);
}
