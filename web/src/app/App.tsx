/** The page: first who is there, then the view that the address names. */
import { Text } from '@mantine/core';
import { createElement, lazy, Suspense, useEffect, type ComponentType, type ReactElement } from 'react';
import { keepLive } from '../data/live.ts';
import { client } from '../data/client.ts';
import { useSession } from '../data/queries.ts';
import { Page } from '../parts/Page.tsx';
import { views, type ViewProps } from '../views.ts';
import { Broken } from './Broken.tsx';
import { Link } from './Link.tsx';
import { matchPath } from './path.ts';
import { usePlace } from './router.ts';
import { SignIn, useCode } from './SignIn.tsx';
import { Shell } from './Shell.tsx';

const loaded = new Map<string, ComponentType<ViewProps>>(views.map(({ name, load }) => [name, lazy(load)]));

export function App(): ReactElement | null {
  const code = useCode();
  const session = useSession(!code.busy);
  if (code.busy || session.isPending) return null;
  if (session.data === undefined) return <SignIn refused={code.refused} error={session.error} />;
  return <Known />;
}

function Known(): ReactElement {
  useEffect(() => keepLive(client), []);
  const { path } = usePlace();
  return (
    <Shell>
      <Broken key={path}>
        <Suspense fallback={null}>
          <Shown path={path} />
        </Suspense>
      </Broken>
    </Shell>
  );
}

function Shown({ path }: { path: string }): ReactElement {
  for (const view of views) {
    const params = matchPath(view.path, path);
    const Component = loaded.get(view.name);
    if (params !== undefined && Component !== undefined) return createElement(Component, { params, key: view.name });
  }
  return (
    <Page title="There is no such page">
      <Text size="sm" c="dimmed">
        <Link to="/">The inbox</Link> is where everything that needs you stands.
      </Text>
    </Page>
  );
}
