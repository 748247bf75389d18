/** Links inside the dashboard, and how objects are addressed: one place, so that every task is linked the same way. */
import { Anchor, type AnchorProps } from '@mantine/core';
import type { MouseEvent, ReactElement, ReactNode } from 'react';
import { buildPath } from './path.ts';
import { navigate } from './router.ts';

interface LinkProps extends Omit<AnchorProps, 'component'> {
  readonly to: string;
  readonly children: ReactNode;
  readonly title?: string;
  readonly 'aria-label'?: string;
  readonly 'aria-current'?: 'page' | undefined;
}

/** A link that stays in the page; with a modifier key the browser does what it always does. */
export function Link({ to, children, ...rest }: LinkProps): ReactElement {
  return (
    <Anchor
      href={to}
      underline={rest.c === 'inherit' ? 'hover' : 'always'}
      className="link"
      onClick={(event: MouseEvent) => followInside(event, to)}
      {...rest}
    >
      {children}
    </Anchor>
  );
}

/** Goes to `to` without loading the page anew, unless the click wants a tab or a download. */
export function followInside(event: MouseEvent, to: string): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return;
  event.preventDefault();
  navigate(to);
}

export const pathOf = {
  task: (plan: string, task: string): string => buildPath('/tasks/:plan/:task', { plan, task }),
  change: (plan: string, task: string): string => buildPath('/tasks/:plan/:task/change', { plan, task }),
  attempt: (token: number): string => buildPath('/attempts/:token', { token: String(token) }),
  tasks: (query = ''): string => buildPath('/tasks', {}, { q: query }),
} as const;
