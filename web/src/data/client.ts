/** The page's one store of answers, and when they are asked for again. */
import { QueryClient } from '@tanstack/react-query';
import { ApiProblem } from './api.ts';
import { keys } from './keys.ts';

export const client = new QueryClient({
  defaultOptions: {
    queries: {
      // Events say when an answer is old; what nobody looked at for a while is asked for when somebody does.
      staleTime: 30_000,
      gcTime: 5 * 60_000,
      retry: (failures, error) =>
        !(error instanceof ApiProblem && error.status >= 400 && error.status < 500) && failures < 3,
      refetchOnWindowFocus: false,
    },
  },
});

// A session that ended shows on whichever answer comes first; the page then asks who it is, and says how to get back in.
client.getQueryCache().subscribe(({ query }) => {
  const { error } = query.state;
  if (error instanceof ApiProblem && error.status === 401 && query.queryKey[0] !== keys.session[0])
    void client.invalidateQueries({ queryKey: keys.session });
});
