/** The inbox: what only a person can settle, the most pressing first, each answered where it stands. */
import { Code, Group, VisuallyHidden } from '@mantine/core';
import { useRef, type ReactElement, type RefObject } from 'react';
import { Link } from '../../app/Link.tsx';
import { useQueryState } from '../../app/router.ts';
import { useCommands } from '../../commands/use-commands.ts';
import { useInbox, useOverview, type Inbox } from '../../data/queries.ts';
import { Answered, Nothing } from '../../parts/Answered.tsx';
import { Choices } from '../../parts/Choices.tsx';
import { Page } from '../../parts/Page.tsx';
import { BatchBar } from './BatchBar.tsx';
import { Item } from './Item.tsx';
import classes from './inbox.module.css';
import { kindLooks } from './kinds.ts';

export default function InboxView(): ReactElement {
  const query = useInbox();
  return (
    <Page title="Inbox">
      <Answered query={query}>{(inbox) => <Items inbox={inbox} />}</Answered>
    </Page>
  );
}

function Items({ inbox: { items } }: { inbox: Inbox }): ReactElement {
  const [kind, setKind] = useQueryState('kind');
  const list = useRef<HTMLUListElement>(null);
  const kinds = [...new Set(items.map((item) => item.kind))];
  const shown = items.filter((item) => kind === '' || item.kind === kind);
  useMoves(list);
  return (
    <>
      <VisuallyHidden aria-live="polite">{`${items.length} ${items.length === 1 ? 'matter needs' : 'matters need'} you`}</VisuallyHidden>
      {items.length > 0 && (kinds.length > 1 || kind !== '') && (
        <Group gap="sm" justify="space-between">
          <Choices
            label="Kinds"
            value={kind}
            onChange={setKind}
            choices={[
              { value: '', label: 'all', count: items.length },
              ...kinds.map((one) => ({
                value: one,
                label: kindLooks[one].word,
                count: items.filter((item) => item.kind === one).length,
              })),
            ]}
          />
        </Group>
      )}
      <BatchBar items={shown} />
      {shown.length === 0 ? (
        <Clear filtered={items.length > 0} />
      ) : (
        <ul className={classes['list']} ref={list}>
          {shown.map((item) => (
            <Item key={item.id} item={item} />
          ))}
        </ul>
      )}
    </>
  );
}

/** `j` and `k` move from item to item; the focused one is what the browser acts on. */
function useMoves(list: RefObject<HTMLUListElement | null>): void {
  const move = (step: number): void => {
    const items = [...(list.current?.querySelectorAll<HTMLElement>(':scope > li') ?? [])];
    const at = items.findIndex((item) => item.contains(document.activeElement));
    const next = items[at < 0 ? (step > 0 ? 0 : items.length - 1) : at + step];
    next?.focus();
    next?.scrollIntoView({ block: 'nearest' });
  };
  useCommands([
    { id: 'next', title: 'Next item', group: 'Inbox', keys: 'j', run: () => move(1) },
    { id: 'previous', title: 'Previous item', group: 'Inbox', keys: 'k', run: () => move(-1) },
    {
      id: 'first-action',
      title: 'Likeliest answer of the item',
      group: 'Inbox',
      keys: 'a',
      run: () => press('[data-primary]'),
    },
    { id: 'details', title: 'Story of the item', group: 'Inbox', keys: 'e', run: () => press('summary') },
  ]);
}

function press(selector: string): void {
  const target = document.activeElement?.closest('li')?.querySelector<HTMLElement>(selector);
  if (target instanceof HTMLTextAreaElement) target.focus();
  else target?.click();
}

function Clear({ filtered }: { filtered: boolean }): ReactElement {
  const { data } = useOverview();
  if (filtered) return <Nothing title="None of this kind">They were settled meanwhile.</Nothing>;
  const working = data?.agents ?? 0;
  const ready = data?.counts['ready'] ?? 0;
  return (
    <Nothing title="Nothing needs you">
      {working > 0 && (
        <>
          <Link to="/agents">{working === 1 ? 'One agent is' : `${working} agents are`} at work</Link>; what they cannot
          settle will come here.
        </>
      )}
      {working === 0 && ready > 0 && (
        <>
          {ready} {ready === 1 ? 'task is' : 'tasks are'} ready. <Code>orbit run</Code> gives them to agents.
        </>
      )}
      {working === 0 && ready === 0 && 'No agent works, and no task waits for one.'}
    </Nothing>
  );
}
