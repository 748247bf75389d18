/** One matter of the inbox: what it is, what is asked, its story, and the answers. */
import { Code, Group, Stack, Text } from '@mantine/core';
import { memo, type ReactElement } from 'react';
import { Link, pathOf } from '../../app/Link.tsx';
import type { InboxItem } from '../../data/queries.ts';
import { AgentText } from '../../parts/AgentText.tsx';
import { Ago } from '../../parts/Ago.tsx';
import { Evidence } from '../../parts/Evidence.tsx';
import { plain } from '../../parts/plain.ts';
import { Answer } from './Answer.tsx';
import classes from './inbox.module.css';
import { kindLooks, taskOf } from './kinds.ts';
import { Shape } from '../../parts/Status.tsx';

export const Item = memo(function Item({ item }: { item: InboxItem }): ReactElement {
  const { kind, title, reason, plan, agent, token, since, blocks, work } = item;
  const of = taskOf(item);
  const heading = of === undefined ? plain(title) : `${of.task} ${plain(title)}`;
  return (
    <li className={classes['item']} tabIndex={-1} aria-label={`${kindLooks[kind].word}: ${heading}`}>
      <Shape look={kindLooks[kind]} />
      <Stack gap={8} miw={0}>
        <div>
          <Group gap={8} align="baseline">
            <Text fw={600} className={classes['title'] ?? ''} component="h2" size="md">
              {of === undefined ? (
                plain(title)
              ) : (
                <Link to={pathOf.task(of.plan, of.task)} c="inherit">
                  <span className={classes['id']}>{of.task}</span> {plain(title)}
                </Link>
              )}
            </Text>
          </Group>
          <Group gap="xs" c="dimmed" fz="xs" component="p" m={0} className={classes['facts'] ?? ''}>
            <span>{kindLooks[kind].word}</span>
            <Ago at={since} />
            {blocks > 0 && (
              <b>
                {blocks} {blocks === 1 ? 'task waits' : 'tasks wait'} for it
              </b>
            )}
            {plan !== null && <span>plan {plan}</span>}
            {agent !== null && token !== null && (
              <Link to={pathOf.attempt(token)} c="inherit" inherit>{`${agent}, attempt ${token}`}</Link>
            )}
            {agent !== null && token === null && <span>{agent}</span>}
          </Group>
        </div>
        {(work === null || work.risks.length === 0) && <AgentText text={reason} fz="sm" />}
        {work !== null && <Evidence work={work} />}
        <Story item={item} />
        <Answer item={item} />
      </Stack>
    </li>
  );
});

/** What each attempt came to, and what helps on the command line; what can be done only there stands open. */
function Story({ item: { tries, helps, work, actions } }: { item: InboxItem }): ReactElement | null {
  const past = work === null ? tries : [];
  const list = helps.length > 0 && (
    <ul className={classes['helps']}>
      {helps.map((help) => (
        <li key={help}>{plain(help)}</li>
      ))}
    </ul>
  );
  if (actions.length === 0) return list === false ? null : list;
  if (past.length === 0 && helps.length === 0) return null;
  return (
    <details className={classes['story']}>
      <summary>{titleOf(past.length)}</summary>
      {past.length > 0 && (
        <ol>
          {past.map(({ token, agent, outcome, reason, rule, evidence }) => (
            <li key={token}>
              <Link to={pathOf.attempt(token)} fz="sm">{`${agent} (${token})`}</Link>{' '}
              <Text span size="sm" c="dimmed">
                {outcome ?? 'running'}
                {rule === null ? '' : `, ended by rule ${rule}`}
              </Text>
              <AgentText text={reason} fz="sm" />
              {evidence.length > 0 && <Code block>{plain(evidence.join('\n'))}</Code>}
            </li>
          ))}
        </ol>
      )}
      {helps.length > 0 && (
        <>
          <Text size="xs" c="dimmed" mt={8}>
            On the command line
          </Text>
          {list}
        </>
      )}
    </details>
  );
}

function titleOf(attempts: number): string {
  if (attempts === 0) return 'On the command line';
  return attempts === 1 ? 'The attempt so far' : `The ${attempts} attempts so far`;
}
