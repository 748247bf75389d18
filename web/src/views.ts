/** The list of views: the one place that names them. A view is loaded when it is first shown. */
import type { ComponentType } from 'react';
import type { Params } from './app/path.ts';

export interface ViewProps {
  readonly params: Params;
}

export interface View {
  readonly name: string;
  /** Its address; parts such as `:task` reach the component as `params`. */
  readonly path: string;
  readonly title: string;
  /** What brings a person here from anywhere, as `g i`. */
  readonly keys?: string;
  /** Where it stands in the navigation; views of single objects stand nowhere. */
  readonly group?: 'Act' | 'Work' | 'See' | 'Machine';
  readonly load: () => Promise<{ readonly default: ComponentType<ViewProps> }>;
}

export const views: readonly View[] = [
  {
    name: 'inbox',
    path: '/',
    title: 'Inbox',
    keys: 'g i',
    group: 'Act',
    load: () => import('./views/inbox/View.tsx'),
  },
  {
    name: 'tasks',
    path: '/tasks',
    title: 'Tasks',
    keys: 'g t',
    group: 'Work',
    load: () => import('./views/tasks/View.tsx'),
  },
  { name: 'task', path: '/tasks/:plan/:task', title: 'Task', load: () => import('./views/task/View.tsx') },
  { name: 'change', path: '/tasks/:plan/:task/change', title: 'Change', load: () => import('./views/change/View.tsx') },
  { name: 'attempt', path: '/attempts/:token', title: 'Attempt', load: () => import('./views/attempt/View.tsx') },
  {
    name: 'agents',
    path: '/agents',
    title: 'Agents',
    keys: 'g a',
    group: 'Work',
    load: () => import('./views/agents/View.tsx'),
  },
  {
    name: 'health',
    path: '/health',
    title: 'Health',
    keys: 'g h',
    group: 'Machine',
    load: () => import('./views/health/View.tsx'),
  },
  {
    name: 'graph',
    path: '/graph',
    title: 'Graph',
    keys: 'g g',
    group: 'See',
    load: () => import('./views/graph/View.tsx'),
  },
  {
    name: 'timeline',
    path: '/timeline',
    title: 'Time line',
    keys: 'g l',
    group: 'See',
    load: () => import('./views/timeline/View.tsx'),
  },
  {
    name: 'landing',
    path: '/landing',
    title: 'Landing',
    keys: 'g q',
    group: 'Work',
    load: () => import('./views/landing/View.tsx'),
  },
  {
    name: 'scope',
    path: '/scope',
    title: 'Scope',
    keys: 'g s',
    group: 'See',
    load: () => import('./views/scope/View.tsx'),
  },
  {
    name: 'modules',
    path: '/modules',
    title: 'Modules',
    keys: 'g o',
    group: 'Work',
    load: () => import('./views/modules/View.tsx'),
  },
  {
    name: 'messages',
    path: '/messages',
    title: 'Messages',
    keys: 'g m',
    group: 'Work',
    load: () => import('./views/messages/View.tsx'),
  },
  {
    name: 'costs',
    path: '/costs',
    title: 'Costs',
    keys: 'g c',
    group: 'See',
    load: () => import('./views/costs/View.tsx'),
  },
  {
    name: 'events',
    path: '/events',
    title: 'Events',
    keys: 'g e',
    group: 'See',
    load: () => import('./views/events/View.tsx'),
  },
];
