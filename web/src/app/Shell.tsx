/** What stands around every view: name, navigation, banner, palette, help, dialogs. */
import {
  ActionIcon,
  AppShell,
  Burger,
  Group,
  Text,
  Tooltip,
  UnstyledButton,
  useMantineColorScheme,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { spotlight } from '@mantine/spotlight';
import { useEffect, type ReactElement, type ReactNode } from 'react';
import { Help } from '../commands/Help.tsx';
import { Palette } from '../commands/Palette.tsx';
import { hintOf, type Command } from '../commands/registry.ts';
import { useCommands, useKeys } from '../commands/use-commands.ts';
import { useOverview } from '../data/queries.ts';
import { AskDialog } from '../parts/ask.tsx';
import { Icon } from '../parts/Icon.tsx';
import { views } from '../views.ts';
import { Banner } from './Banner.tsx';
import { Link } from './Link.tsx';
import { Navigation } from './Navigation.tsx';
import { navigate, usePlace } from './router.ts';

const goTo: readonly Command[] = views
  .filter(({ group }) => group !== undefined)
  .map(({ name, title, path, keys }) => ({
    id: `go-${name}`,
    title,
    group: 'Go to',
    run: () => navigate(path),
    ...(keys === undefined ? {} : { keys }),
  }));

export function Shell({ children }: { children: ReactNode }): ReactElement {
  const [help, { open: openHelp, close: closeHelp }] = useDisclosure();
  const [menu, { toggle: toggleMenu, close: closeMenu }] = useDisclosure();
  const { toggleColorScheme, setColorScheme } = useMantineColorScheme();
  const { path } = usePlace();
  useEffect(closeMenu, [path, closeMenu]);
  useCommands(goTo);
  useCommands([
    { id: 'palette', title: 'All commands', group: 'Page', keys: 'mod+k', run: () => spotlight.open() },
    { id: 'help', title: 'Keys', group: 'Page', keys: '?', run: openHelp },
    { id: 'search', title: 'To the query box', group: 'Page', keys: '/', run: focusQuery },
    { id: 'scheme', title: 'Light or dark', group: 'Page', run: toggleColorScheme },
    {
      id: 'scheme-system',
      title: 'Light or dark as the system says',
      group: 'Page',
      run: () => setColorScheme('auto'),
    },
  ]);
  useKeys();
  return (
    <AppShell
      header={{ height: 48 }}
      navbar={{ width: 208, breakpoint: 'sm', collapsed: { mobile: !menu } }}
      padding={{ base: 'sm', sm: 'lg' }}
    >
      <a
        className="skip"
        href="#main"
        onClick={(event) => (event.preventDefault(), document.querySelector('main')?.focus())}
      >
        Skip to the view
      </a>
      <Header menu={menu} toggleMenu={toggleMenu} openHelp={openHelp} />
      <AppShell.Navbar p="xs" aria-label="Views">
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id="main" tabIndex={-1}>
        <Banner />
        {children}
      </AppShell.Main>
      <Palette />
      <Help opened={help} onClose={closeHelp} />
      <AskDialog />
    </AppShell>
  );
}

interface HeaderProps {
  readonly menu: boolean;
  readonly toggleMenu: () => void;
  readonly openHelp: () => void;
}

function Header({ menu, toggleMenu, openHelp }: HeaderProps): ReactElement {
  const { toggleColorScheme } = useMantineColorScheme();
  return (
    <AppShell.Header>
      <Group h="100%" px="md" justify="space-between" wrap="nowrap">
        <Group gap="sm" wrap="nowrap">
          <Burger opened={menu} onClick={toggleMenu} hiddenFrom="sm" size="sm" aria-label="Navigation" />
          <Brand />
        </Group>
        <Group gap="xs" wrap="nowrap">
          <UnstyledButton
            onClick={() => spotlight.open()}
            aria-label="Search or run a command"
            className="palette-button"
          >
            <Text size="sm" c="dimmed" component="span" visibleFrom="sm">
              Search or run a command
            </Text>
            <Icon name="search" />
          </UnstyledButton>
          <Tooltip label={hintOf('scheme') || 'Light or dark'}>
            <ActionIcon variant="subtle" color="gray" onClick={toggleColorScheme} aria-label="Light or dark">
              <Icon name="scheme" />
            </ActionIcon>
          </Tooltip>
          <Tooltip label={hintOf('help') || 'Keys'}>
            <ActionIcon variant="subtle" color="gray" onClick={openHelp} aria-label="Keys" visibleFrom="sm">
              <Icon name="help" />
            </ActionIcon>
          </Tooltip>
        </Group>
      </Group>
    </AppShell.Header>
  );
}

function Brand(): ReactElement {
  const { data } = useOverview();
  return (
    <Link to="/" c="inherit" underline="never" fw={600}>
      Orbit
      <Text component="span" c="dimmed" fw={400} inherit>
        {data === undefined ? '' : ` / ${data.project}`}
      </Text>
    </Link>
  );
}

function focusQuery(): void {
  document.querySelector<HTMLInputElement>('main [data-query-box]')?.focus();
}
