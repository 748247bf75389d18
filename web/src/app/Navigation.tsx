/** The way to each view, with what waits there. */
import { Badge, NavLink, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import { hintOf } from '../commands/registry.ts';
import { useOverview } from '../data/queries.ts';
import { views } from '../views.ts';
import { followInside } from './Link.tsx';
import { matchPath } from './path.ts';
import classes from './Navigation.module.css';
import { usePlace } from './router.ts';

const groups = ['Act', 'Work', 'See', 'Machine'] as const;

export function Navigation(): ReactElement {
  const { path } = usePlace();
  const { data } = useOverview();
  const counts: Readonly<Record<string, number | undefined>> = { inbox: data?.needsYou, agents: data?.agents };
  return (
    <Stack gap="sm">
      {groups.map((group) => {
        const shown = views.filter((view) => view.group === group);
        return shown.length === 0 ? null : (
          <div key={group}>
            <Text size="xs" c="dimmed" px="sm" pb={2} aria-hidden>
              {group}
            </Text>
            {shown.map(({ name, title, path: to }) => {
              const active =
                to === '/'
                  ? path === '/'
                  : path === to || path.startsWith(`${to}/`) || matchPath(to, path) !== undefined;
              const count = counts[name] ?? 0;
              return (
                <NavLink
                  key={name}
                  href={to}
                  label={title}
                  title={hintOf(`go-${name}`)}
                  active={active}
                  aria-current={active ? 'page' : undefined}
                  className={classes['link'] ?? ''}
                  py={4}
                  onClick={(event) => followInside(event, to)}
                  rightSection={
                    count > 0 && (
                      <Badge
                        size="sm"
                        variant={name === 'inbox' ? 'filled' : 'light'}
                        color={name === 'inbox' ? 'orange.9' : 'gray'}
                      >
                        {count}
                      </Badge>
                    )
                  }
                />
              );
            })}
          </div>
        );
      })}
    </Stack>
  );
}
