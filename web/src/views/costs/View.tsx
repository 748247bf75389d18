/** What it costs, as reported and as estimated, by agent, model and task; and who succeeds at what price. */
import { Stack, Text } from '@mantine/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMemo, type ReactElement, type ReactNode } from 'react';
import type { Attempt } from '../../../../src/api/contract.ts';
import { buildPath } from '../../app/path.ts';
import { callApi } from '../../data/api.ts';
import { keys } from '../../data/keys.ts';
import { useReport, type List } from '../../data/queries.ts';
import { useNow } from '../../parts/Ago.tsx';
import { Answered, Nothing } from '../../parts/Answered.tsx';
import { Page } from '../../parts/Page.tsx';
import { plain } from '../../parts/plain.ts';
import { PlanChoice, usePlanChoice } from '../../parts/PlanChoice.tsx';
import { Rows, type Column } from '../../parts/Rows.tsx';
import { Section } from '../../parts/Section.tsx';
import { TaskRef } from '../../parts/TaskRef.tsx';
import { money, short } from '../../parts/time.ts';
import { Burn } from './Burn.tsx';
import classes from './costs.module.css';
import { burn, costed, modelOf, sumOf, sumsBy, type Cost } from './costs.ts';
import { Hints, Scores, Sums } from './Tables.tsx';

export default function CostsView(): ReactElement {
  const plan = usePlanChoice({ all: true });
  return (
    <Page title="Costs" aside={<PlanChoice plan={plan} all />}>
      <Answered query={useAllAttempts(plan)}>
        {(attempts) =>
          attempts.length === 0 ? (
            <Nothing title="Nothing was spent yet">Costs appear with the first attempt.</Nothing>
          ) : (
            <Shown attempts={attempts} plan={plan} />
          )
        }
      </Answered>
    </Page>
  );
}

function Shown({ attempts, plan }: { attempts: readonly Attempt[]; plan: string }): ReactElement {
  const now = useNow();
  const all = useMemo(() => costed(attempts), [attempts]);
  const sum = sumOf(all);
  const tasks = useMemo(() => sumsBy(all, (attempt) => `${attempt.plan}/${attempt.task}`), [all]);
  const titles = new Map(attempts.map((attempt) => [`${attempt.plan}/${attempt.task}`, attempt.title]));
  // A line a minute anew is as much as an eye sees.
  const minute = Math.floor(now / 60_000) * 60_000;
  const data = useMemo(() => burn(all, minute), [all, minute]);
  return (
    <Stack gap="xl">
      <Total sum={sum} />
      {data[0].length > 0 && (
        <Section title="Money over time">
          <Burn data={data} />
        </Section>
      )}
      <div className={classes['columns']}>
        <Section title="By agent">
          <Sums of="Agent" rows={sumsBy(all, ({ agent }) => agent)} />
        </Section>
        <Section title="By model">
          <Sums of="Model" rows={sumsBy(all, modelOf)} />
        </Section>
      </div>
      <Report plan={plan} />
      <Section title="By task">
        <Rows
          label="Tasks, the dearest first"
          items={tasks.map((one): TaskCost => ({ ...one, title: titles.get(one.name) ?? '' }))}
          keyOf={({ name }) => name}
          columns={columns}
          cells={cellsOf}
        />
      </Section>
    </Stack>
  );
}

function Total({ sum }: { sum: Cost }): ReactElement {
  return (
    <Stack gap={4}>
      <dl className={classes['sums']}>
        <div>
          <dt>Reported by agents</dt>
          <dd>{money(sum.reported)}</dd>
        </div>
        <div>
          <dt>Estimated from tokens</dt>
          <dd>{sum.estimated === 0 ? '–' : `≈ ${money(sum.estimated)}`}</dd>
        </div>
        <div>
          <dt>Attempts of unknown cost</dt>
          <dd>{sum.unknown}</dd>
        </div>
        <div>
          <dt>Tokens</dt>
          <dd>{short(sum.tokens)}</dd>
        </div>
      </dl>
      <Text size="sm" c="dimmed">
        Estimates take the mean price of a token of the same model, where other attempts reported one.
      </Text>
    </Stack>
  );
}

function Report({ plan }: { plan: string }): ReactElement {
  return (
    <Answered query={useReport(plan)}>
      {({ outcomes, hints, ended }) => (
        <>
          <Section title="Success by model and rung">
            <Scores outcomes={outcomes} />
          </Section>
          {hints.length > 0 && (
            <Section title="What hints did">
              <Hints hints={hints} />
            </Section>
          )}
          {ended.length > 0 && (
            <Text size="sm">
              Ended by supervision: {ended.map(({ rule, attempts: count }) => `${rule} ${count}`).join(', ')}
            </Text>
          )}
        </>
      )}
    </Answered>
  );
}

interface TaskCost {
  name: string;
  title: string;
  cost: Cost;
}

const columns: readonly Column[] = [
  { name: 'Task', width: 'minmax(220px, 1fr)' },
  { name: 'Reported', width: '110px' },
  { name: 'Estimated', width: '110px' },
  { name: 'Attempts', width: '100px' },
  { name: 'Tokens', width: '100px' },
];

function cellsOf({ name, title, cost: { reported, estimated, attempts, tokens } }: TaskCost): readonly ReactNode[] {
  return [
    <span key="task">
      <TaskRef id={name} plan={name.slice(0, name.indexOf('/'))} /> {plain(title)}
    </span>,
    reported === 0 ? '–' : money(reported),
    estimated === 0 ? '–' : `≈ ${money(estimated)}`,
    attempts,
    short(tokens),
  ];
}

/** All attempts, page by page. */
function useAllAttempts(plan: string): UseQueryResult<readonly Attempt[]> {
  return useQuery({
    queryKey: [...keys.attempts({ plan }), 'all'],
    queryFn: async ({ signal }) => {
      const all: Attempt[] = [];
      for (let cursor = ''; ;) {
        const path = buildPath('/api/attempts', {}, { plan, cursor, limit: '1000' });
        const { items, next = null } = await callApi<List<Attempt>>(path, { signal });
        all.push(...items);
        if (next === null) return all;
        cursor = next;
      }
    },
  });
}
