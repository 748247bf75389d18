/** All routes that answer JSON of the contract, noun by noun. */
import type { Route } from './route.ts';
import { attemptRoutes } from './routes/attempts.ts';
import { eventRoutes } from './routes/events.ts';
import { landingRoutes } from './routes/landings.ts';
import { orchestrationRoutes } from './routes/orchestration.ts';
import { overviewRoutes } from './routes/overview.ts';
import { planRoutes } from './routes/plans.ts';
import { steeringRoutes } from './routes/steering.ts';
import { talkRoutes } from './routes/talk.ts';
import { taskRoutes } from './routes/tasks.ts';

export const routes: readonly Route[] = [
  ...overviewRoutes,
  ...planRoutes,
  ...taskRoutes,
  ...attemptRoutes,
  ...steeringRoutes,
  ...landingRoutes,
  ...talkRoutes,
  ...eventRoutes,
  ...orchestrationRoutes,
];
