/** Landing: what is on its way to the target in which order, what keeps it, what was put back, and what has landed. */
import { Code, Stack, Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import type { Queue } from '../../../../src/api/contract.ts';
import { useQueue } from '../../data/queries.ts';
import { Ago } from '../../parts/Ago.tsx';
import { AgentText } from '../../parts/AgentText.tsx';
import { Answered, Nothing } from '../../parts/Answered.tsx';
import { Page } from '../../parts/Page.tsx';
import { plain } from '../../parts/plain.ts';
import { PlanChoice, usePlanChoice } from '../../parts/PlanChoice.tsx';
import { Section } from '../../parts/Section.tsx';
import { TaskRef, TaskRefs } from '../../parts/TaskRef.tsx';
import { History } from './History.tsx';
import classes from './landing.module.css';
import { Train } from './Train.tsx';
import { Waiting } from './Waiting.tsx';

type Entry = Queue['queue'][number];

export default function LandingView(): ReactElement {
  const plan = usePlanChoice();
  const query = useQueue(plan);
  return (
    <Page title="Landing" aside={<PlanChoice plan={plan} />}>
      <Answered query={query}>{(queue) => <Shown queue={queue} plan={plan} />}</Answered>
    </Page>
  );
}

function Shown({ queue: { led, queue, trains }, plan }: { queue: Queue; plan: string }): ReactElement {
  const back = queue.filter(({ state }) => state === 'put-back');
  const waiting = queue.filter(({ state }) => state !== 'put-back' && state !== 'landed');
  return (
    <Stack gap="xl">
      {!led && (
        <Notice title="Nobody leads, so nothing lands">
          <Code>orbit run</Code> starts a coordinator; what is proven waits until then.
        </Notice>
      )}
      <Held entries={queue} />
      {trains.map((train) => (
        <Train key={train.target} train={train} queue={queue} />
      ))}
      {waiting.length > 0 && <Waiting entries={waiting} />}
      {back.length > 0 && <Back entries={back} />}
      {queue.length === 0 && trains.length === 0 && (
        <Nothing title="Nothing waits to land">Work comes here when it is proven on its own branch.</Nothing>
      )}
      <History plan={plan} />
    </Stack>
  );
}

function Notice({ title, children }: { title: string; children: ReactNode }): ReactElement {
  return (
    <div className={classes['notice']}>
      <Text size="sm" fw={600}>
        ▲ {title}
      </Text>
      <Text size="sm" component="div">
        {children}
      </Text>
    </div>
  );
}

/** What only a person can change, said once for all tasks that it keeps. */
function Held({ entries }: { entries: readonly Entry[] }): ReactElement | null {
  const held = entries.flatMap(({ held: own, ...entry }) => (own === null ? [] : [{ ...entry, ...own }]));
  const reasons = [...Map.groupBy(held, ({ why, plan }) => `${plan} ${why}`).values()];
  if (reasons.length === 0) return null;
  return (
    <>
      {reasons.map((own) => {
        const [first] = own;
        if (first === undefined) return null;
        const since = own.map(({ since: at }) => at).toSorted()[0] ?? first.since;
        return (
          <Notice key={`${first.plan} ${first.why}`} title={plain(first.why)}>
            Keeps <TaskRefs ids={own.map(({ task }) => task)} plan={first.plan} /> from landing since <Ago at={since} />
            . Nothing is wrong with the work.
          </Notice>
        );
      })}
    </>
  );
}

function Back({ entries }: { entries: readonly Entry[] }): ReactElement {
  return (
    <Section title="Put back">
      <Stack gap="xs">
        {entries.map(({ task, plan, title, at, bounces, reason }) => (
          <div key={`${plan}/${task}`} className={classes['back']}>
            <Text size="sm">
              <TaskRef id={task} plan={plan} /> {plain(title)}{' '}
              <Text span size="sm" c="dimmed">
                <Ago at={at} />
                {bounces > 1 ? `, for the ${bounces}. time` : ''}
              </Text>
            </Text>
            {reason !== null && <AgentText text={reason} mono />}
          </div>
        ))}
      </Stack>
    </Section>
  );
}
