/** The inbox: what only a person can settle, the most pressing first. */
import type { ReactElement } from 'react';
import { useInbox } from '../../data/queries.ts';
import { Answered } from '../../parts/Answered.tsx';
import { Page } from '../../parts/Page.tsx';

export default function InboxView(): ReactElement {
  return (
    <Page title="Inbox">
      <Answered query={useInbox()}>
        {({ items }) => (
          <ul>
            {items.map(({ id, title }) => (
              <li key={id}>{title}</li>
            ))}
          </ul>
        )}
      </Answered>
    </Page>
  );
}
