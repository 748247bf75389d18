/** Reads a transcript page by page, and on as it grows. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { buildPath } from '../../app/path.ts';
import { callApi } from '../../data/api.ts';
import { earlierFrom, firstHeld, withEarlier, withLater, type Held, type Page } from './pages.ts';

const LIMIT = 500;
/** The most entries that the API gives in one answer. */
const LIMIT_MAX = 2_000;
/** How often a live log is read on, in milliseconds: as fast as a person reads, and nothing for the server. */
const POLL_MS = 1_000;

export interface Reading {
  readonly held: Held | undefined;
  readonly error: unknown;
  /** Reads what comes before; does nothing at the beginning. */
  readonly earlier: () => Promise<void>;
}

/** @param start offset to begin at; -1: the end. */
export function useTranscript(token: number, start: number): Reading {
  const [held, setHeld] = useState<Held>();
  const [error, setError] = useState<unknown>();
  const latest = useRef<Held>(undefined);
  const busy = useRef(false);
  const put = useCallback((next: Held) => {
    latest.current = next;
    setHeld(next);
  }, []);
  useEffect(() => {
    const ended = new AbortController();
    const { signal } = ended;
    let timer: ReturnType<typeof setTimeout>;
    const read = async (): Promise<void> => {
      try {
        const known = latest.current;
        const from = known?.next ?? start;
        const page = await pageAt(token, from, { signal });
        if (signal.aborted) return;
        const now = latest.current;
        put(now === undefined ? firstHeld(page, start, LIMIT) : withLater(now, page));
        setError(undefined);
      } catch (problem) {
        if (signal.aborted) return;
        setError(problem);
      }
      const now = latest.current;
      if (now === undefined || now.live || now.more) timer = setTimeout(next, now?.more === true ? 0 : POLL_MS);
    };
    // A page that nobody sees reads nothing; it goes on where it was when somebody does.
    const next = (): void => {
      if (document.visibilityState === 'visible') void read();
      else timer = setTimeout(next, POLL_MS);
    };
    latest.current = undefined;
    void read();
    return () => (ended.abort(), clearTimeout(timer));
  }, [token, start, put]);
  const earlier = async (): Promise<void> => {
    if (busy.current) return;
    busy.current = true;
    await before(token, () => latest.current).then(
      (grown) => grown !== undefined && put(grown),
      (problem: unknown) => setError(problem),
    );
    busy.current = false;
  };
  return { held, error, earlier };
}

/** All entries from one offset up to another, as one page, however many pages they are. */
async function pagesUpTo(token: number, from: number, to: number): Promise<Page> {
  let page = await pageAt(token, from, { limit: LIMIT_MAX });
  const entries = [...page.entries];
  while (page.more && page.next < to) {
    page = await pageAt(token, page.next, { limit: LIMIT_MAX });
    entries.push(...page.entries);
  }
  return { ...page, entries };
}

function pageAt(
  token: number,
  from: number,
  { limit = LIMIT, signal }: { limit?: number; signal?: AbortSignal },
): Promise<Page> {
  const path = buildPath(
    '/api/attempts/:token/transcript',
    { token: String(token) },
    { from: String(from), limit: String(limit) },
  );
  return callApi<Page>(path, signal === undefined ? {} : { signal });
}

/** What is held then, with what comes before it; a line can be longer than one look back, then it goes further. */
async function before(token: number, held: () => Held | undefined): Promise<Held | undefined> {
  for (let times = 1; ; times *= 4) {
    const now = held();
    const from = now === undefined ? undefined : earlierFrom(now, times);
    if (now === undefined || from === undefined) return undefined;
    const page = await pagesUpTo(token, from, now.from);
    // Meanwhile the end may have grown.
    const grown = withEarlier(held() ?? now, page, from);
    if (grown.from < now.from || from === 0) return grown;
  }
}
