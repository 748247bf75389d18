/**
 * Where the page is: the address bar as the one store of a view's state.
 *
 * A router of our own: the list of views is all it has to know, and it needs neither a tree of routes nor generated types.
 */
import { useCallback, useSyncExternalStore } from 'react';
import type { Params } from './path.ts';

const listeners = new Set<() => void>();
const tell = (): void => listeners.forEach((listener) => listener());
window.addEventListener('popstate', tell);

/** Goes to an address inside the dashboard. `replace` leaves no step for the back button, as for typing into a query box. */
export function navigate(to: string, { replace = false }: { replace?: boolean } = {}): void {
  if (to === location.pathname + location.search + location.hash) return;
  const left = location.pathname;
  history[replace ? 'replaceState' : 'pushState'](null, '', to);
  tell();
  if (location.pathname !== left && location.hash === '') window.scrollTo(0, 0);
}

/** Where the page is now. */
export function usePlace(): { readonly path: string; readonly search: string; readonly hash: string } {
  const whole = useSyncExternalStore(subscribe, () => location.pathname + location.search + location.hash);
  const { pathname, search, hash } = new URL(whole, location.origin);
  return { path: pathname, search, hash: hash.slice(1) };
}

/** One value of the view's state, kept in the address: `const [plan, setPlan] = useQueryState('plan')`. Empty is left out. */
export function useQueryState(name: string, fallback = ''): readonly [string, (value: string) => void] {
  const { search } = usePlace();
  const set = useCallback((value: string) => setQuery({ [name]: value === fallback ? '' : value }), [name, fallback]);
  return [new URLSearchParams(search).get(name) ?? fallback, set];
}

/** Changes some values of the view's state at once. */
export function setQuery(values: Params): void {
  const query = new URLSearchParams(location.search);
  for (const [name, value] of Object.entries(values)) {
    if (value === '') query.delete(name);
    else query.set(name, value);
  }
  const search = query.toString();
  navigate(location.pathname + (search === '' ? '' : `?${search}`) + location.hash, { replace: true });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
