/** All routes that answer JSON of the contract, noun by noun. */
import type { Route } from './route.ts';
import { eventRoutes } from './routes/events.ts';
import { orchestrationRoutes } from './routes/orchestration.ts';
import { planRoutes } from './routes/plans.ts';
import { talkRoutes } from './routes/talk.ts';
import { taskRoutes } from './routes/tasks.ts';

export const routes: readonly Route[] = [
  ...planRoutes,
  ...taskRoutes,
  ...talkRoutes,
  ...eventRoutes,
  ...orchestrationRoutes,
];
