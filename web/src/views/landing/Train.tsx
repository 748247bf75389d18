/** The train of a target: what lands in which order, which beginnings of it are being validated, and what it was measured to take. */
import { Button, Group, Stack, Text } from '@mantine/core';
import type { CSSProperties, ReactElement, ReactNode } from 'react';
import type { Queue } from '../../../../src/api/contract.ts';
import { act } from '../../data/act.tsx';
import { orders } from '../../data/orders.ts';
import { usePlans } from '../../data/queries.ts';
import { Ago } from '../../parts/Ago.tsx';
import { ask } from '../../parts/ask.tsx';
import { plain } from '../../parts/plain.ts';
import { Section } from '../../parts/Section.tsx';
import { TaskRef } from '../../parts/TaskRef.tsx';
import { duration } from '../timeline/scale.ts';
import { branchOf } from './branch.ts';
import classes from './landing.module.css';

type TrainOf = Queue['trains'][number];
type Entry = Queue['queue'][number];

const cutLooks: Readonly<Record<string, { shape: string; word: string }>> = {
  validating: { shape: '◐', word: 'validating' },
  green: { shape: '✓', word: 'green' },
  red: { shape: '✕', word: 'red' },
  ended: { shape: '·', word: 'ended without a verdict' },
};

export function Train({ train, queue }: { train: TrainOf; queue: readonly Entry[] }): ReactElement {
  const own = queue.filter(({ plan }) => plan === train.plan);
  return (
    <Section title={branchOf(train.target)} aside={<PauseLanding plan={train.plan} />}>
      <Stack gap="sm">
        {train.tasks.length === 0 ? (
          <Text size="sm" c="dimmed">
            {train.waiting === 0 ? 'Nothing waits to land here.' : `Nothing drives just now; ${train.waiting} wait.`}
          </Text>
        ) : (
          <Cars train={train} own={own} />
        )}
        <Measures train={train} />
      </Stack>
    </Section>
  );
}

/** What was measured, side by side. */
function Measures({ train }: { train: TrainOf }): ReactElement {
  const measures: Readonly<Record<string, ReactNode>> = {
    'On top of': train.base === null ? null : <code>{train.base.slice(0, 10)}</code>,
    'Under way': train.since === null ? null : <Ago at={train.since} />,
    Waiting: train.waiting === 1 ? '1 change' : `${train.waiting} changes`,
    'Until all have landed':
      train.waiting === 0 ? null : train.leftMs === null ? 'not known yet' : `about ${duration(train.leftMs)}`,
    'A validation takes': train.validationMs === null ? 'not measured yet' : duration(train.validationMs),
    'Goes back red': `${Math.round(train.failureRate * 100)} % of changes`,
    'Run again beside the train': train.rerun === null ? null : <TaskRef id={train.rerun} plan={train.plan} />,
    'Red and then green at the same tree':
      train.flakes === 0 ? null : `${train.flakes} times${train.flaky === null ? '' : `, last ${plain(train.flaky)}`}`,
  };
  return (
    <dl className={classes['measures']}>
      {Object.entries(measures).map(
        ([name, value]) =>
          value !== null && (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** Cars in landing order; a bracket over the first so many is a cut that is validated as one tree. */
function Cars({ train, own }: { train: TrainOf; own: readonly Entry[] }): ReactElement {
  const columns: CSSProperties = { gridTemplateColumns: `repeat(${train.tasks.length}, minmax(104px, 200px))` };
  const cuts = train.cuts.toSorted((a, b) => b.length - a.length);
  return (
    <div className={classes['train']} style={columns} role="list" aria-label="Train, first to land first">
      {cuts.map(({ length, state, at }) => {
        const { shape, word } = cutLooks[state] ?? { shape: '·', word: state };
        const place: CSSProperties = { gridColumn: `1 / span ${Math.min(length, train.tasks.length)}` };
        return (
          <div key={`${length} ${at}`} className={classes['cut']} data-state={state} style={place} role="listitem">
            {shape} {length === 1 ? 'the first' : `the first ${length}`}: {word}, <Ago at={at} />
          </div>
        );
      })}
      {train.tasks.map((id, index) => {
        const entry = own.find(({ task }) => task === id);
        const isSuspect = entry?.suspect === true;
        return (
          <div
            key={id}
            className={classes['car']}
            data-suspect={isSuspect}
            style={{ gridColumn: index + 1 }}
            role="listitem"
          >
            <b>{index + 1}</b> <TaskRef id={id} plan={train.plan} />
            <div className={classes['title']}>{plain(entry?.title ?? '')}</div>
            {isSuspect && <div>▲ suspect</div>}
          </div>
        );
      })}
    </div>
  );
}

function PauseLanding({ plan }: { plan: string }): ReactElement | null {
  const known = usePlans().data?.items.find((one) => one.plan === plan);
  if (known === undefined) return null;
  const pause = async (): Promise<void> => {
    const why = await ask({
      title: `Let nothing of ${plan} land`,
      text: 'What is being moved onto the target is seen to its end; work goes on.',
      label: 'Why',
      confirm: 'Pause landing',
      cli: (words) => orders.pausePlan(plan, 'landing', words).cli ?? '',
    });
    if (why !== undefined) await act(orders.pausePlan(plan, 'landing', why));
  };
  return known.landingPaused ? (
    <Group gap="xs">
      <Text size="sm" fw={500}>
        ❚❚ landing is paused
      </Text>
      <Button size="compact-sm" onClick={() => void act(orders.resumePlan(plan, 'landing'))}>
        Let it land again
      </Button>
    </Group>
  ) : (
    <Button size="compact-sm" variant="default" onClick={() => void pause()}>
      Pause landing…
    </Button>
  );
}
