/** What views ask for. Each hook answers a query of TanStack; `data` stays while it is asked for again. */
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import type { z } from 'zod';
import type { Agent, Attempt, Event, Plan, Queue, Task, TaskDetail, why } from '../../../src/api/contract.ts';
import type {
  change,
  finding,
  health,
  inbox,
  message,
  outcomes,
  overview,
  reservations,
  timeLine,
  waitingWork,
} from '../../../src/api/contract/views.ts';
import type { orchestrator } from '../../../src/api/contract/orchestration.ts';
import { buildPath } from '../app/path.ts';
import { callApi } from './api.ts';
import { keys } from './keys.ts';

export type Overview = z.infer<typeof overview>;
export type Orchestrator = z.infer<typeof orchestrator>;
export type Inbox = z.infer<typeof inbox>;
export type InboxItem = Inbox['items'][number];
export type WaitingWork = z.infer<typeof waitingWork>;
export type Why = z.infer<typeof why>;
export type Change = z.infer<typeof change>;
export type Health = z.infer<typeof health>;
export type Message = z.infer<typeof message>;
export type Finding = z.infer<typeof finding>;
export type Reservations = z.infer<typeof reservations>;
export type TimeLine = z.infer<typeof timeLine>;
export type Outcomes = z.infer<typeof outcomes>;

/** A list's answer. */
export interface List<Item> {
  readonly items: readonly Item[];
  readonly next?: string | null;
}

interface AgentCheck {
  readonly agent: string;
  readonly adapter: string;
  readonly slots: number;
  readonly barred: string | null;
  readonly check: unknown;
}

type Answer<Data> = UseQueryResult<Data>;

export const useSession = (enabled: boolean): Answer<{ name: string; role: string }> =>
  useQuery({
    queryKey: keys.session,
    queryFn: ({ signal }) => callApi('/api/session', { signal }),
    retry: false,
    enabled,
  });
export const useOverview = (): Answer<Overview> => useAnswer(keys.overview, '/api/overview');
export const useOrchestrator = (): Answer<Orchestrator> => useAnswer(keys.orchestrator, '/api/orchestration');
export const usePlans = (): Answer<List<Plan>> => useAnswer(keys.plans, '/api/plans');
export const useTimeLine = (plan: string): Answer<TimeLine> =>
  useAnswer(keys.timeLine(plan), at('/api/plans/:plan/timeline', { plan }), plan !== '');
/** Of all plans, if `plan` is empty. */
export const useReport = (plan = ''): Answer<Outcomes> =>
  useAnswer(keys.report(plan), plan === '' ? '/api/report' : at('/api/plans/:plan/report', { plan }));
/** Of all plans, if `plan` is empty. */
export const useTasks = (plan = ''): Answer<List<Task>> =>
  useAnswer(keys.tasks(plan), buildPath('/api/tasks', {}, { plan, limit: '5000' }));
export const useTask = (plan: string, task: string): Answer<TaskDetail> =>
  useAnswer(keys.task(plan, task), at('/api/tasks/:plan/:task', { plan, task }));
export const useWhy = (plan: string, task: string): Answer<Why> =>
  useAnswer(keys.why(plan, task), at('/api/tasks/:plan/:task/why', { plan, task }));
export const useChange = (plan: string, task: string): Answer<Change> =>
  useAnswer(keys.change(plan, task), at('/api/tasks/:plan/:task/change', { plan, task }));
/** Live ones; pulses keep them fresh, but for what their processes use: that is looked at every `everyMs` milliseconds. */
export const useAgents = (everyMs: number | false = false): Answer<List<Agent>> =>
  useQuery({
    queryKey: keys.agents,
    queryFn: ({ signal }) => callApi<List<Agent>>('/api/agents', { signal }),
    refetchInterval: everyMs,
  });
export const useChecks = (): Answer<{ agents: readonly AgentCheck[] }> => useAnswer(keys.checks, '/api/agents/checks');
export const useAttempt = (token: number): Answer<Attempt> =>
  useAnswer(keys.attempt(token), at('/api/attempts/:token', { token: String(token) }));
export const useQueue = (plan = ''): Answer<Queue> =>
  useAnswer(keys.queue(plan), buildPath('/api/landings', {}, { plan }));
export const useInbox = (plan = ''): Answer<Inbox> =>
  useAnswer(keys.inbox(plan), buildPath('/api/inbox', {}, { plan }));
export const useFindings = (words = ''): Answer<List<Finding>> =>
  useAnswer(keys.findings(words), buildPath('/api/findings', {}, { words }));
export const useReservations = (plan = ''): Answer<Reservations> =>
  useAnswer(keys.reservations(plan), buildPath('/api/reservations', {}, { plan }));
export const useAccounts = (): Answer<{ accounts: readonly { account: string; until: string; reason: string }[] }> =>
  useAnswer(keys.accounts, '/api/accounts');
export const useHealth = (): Answer<Health> => useAnswer(keys.health, '/api/health');

/** A page of the log, from the event after `since` on. */
export const fetchEvents = (
  since: number,
  filter: { plan?: string; task?: string; limit?: string } = {},
): Promise<{ events: readonly Event[]; last: number }> =>
  callApi(buildPath('/api/events', {}, { since: String(since), ...filter }));

/** Any other answer, for a view that alone needs it; `key` begins with a word of {@link ./touched.ts} to be kept live. */
export function useAnswer<Data>(key: readonly unknown[], path: string, enabled = true): Answer<Data> {
  return useQuery({
    queryKey: key,
    queryFn: ({ signal }) => callApi<Data>(path, { signal }),
    placeholderData: keepPreviousData,
    enabled,
  });
}

const at = buildPath;
