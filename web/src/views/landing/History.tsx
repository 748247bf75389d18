/** What is on the target, step by step, and what was proven of exactly that tree. */
import { Text } from '@mantine/core';
import type { ReactElement, ReactNode } from 'react';
import { keys } from '../../data/keys.ts';
import { useAnswer } from '../../data/queries.ts';
import { buildPath } from '../../app/path.ts';
import { Answered } from '../../parts/Answered.tsx';
import { plain } from '../../parts/plain.ts';
import { Rows, type Column } from '../../parts/Rows.tsx';
import { Section } from '../../parts/Section.tsx';
import { TaskRefs } from '../../parts/TaskRef.tsx';
import classes from './landing.module.css';

interface Step {
  readonly commit: string;
  readonly tree: string;
  readonly tasks: readonly string[];
  readonly checks: readonly { readonly check: string; readonly green: boolean | null; readonly at: string | null }[];
  readonly proven: boolean | null;
  readonly accepted?: { readonly by: string; readonly at: string } | null;
}

interface StepOf extends Step {
  readonly plan: string;
}

const columns: readonly Column[] = [
  { name: 'Commit', width: '110px' },
  { name: 'Tasks', width: 'minmax(140px, 1fr)' },
  { name: 'Proven', width: '170px' },
  { name: 'Checks at its tree', width: 'minmax(200px, 2fr)' },
];

export function History({ plan }: { plan: string }): ReactElement {
  const query = useAnswer<{ steps: readonly Step[] }>(
    keys.landed(plan),
    buildPath('/api/landings/history', {}, { plan, limit: '500' }),
    plan !== '',
  );
  return (
    <Section title="What has landed">
      <Answered query={query}>
        {({ steps }) =>
          steps.length === 0 ? (
            <Text size="sm" c="dimmed">
              Nothing yet.
            </Text>
          ) : (
            <Rows
              label="Steps of the target, newest first"
              items={steps.map((step): StepOf => ({ ...step, plan }))}
              keyOf={({ commit }) => commit}
              columns={columns}
              cells={cellsOf}
            />
          )
        }
      </Answered>
    </Section>
  );
}

function cellsOf({ commit, tasks, proven, accepted, checks, plan }: StepOf): readonly ReactNode[] {
  return [
    <code key="commit" title={commit}>
      {commit.slice(0, 10)}
    </code>,
    <TaskRefs key="tasks" ids={tasks} plan={plan} none="by nobody that Orbit knows" />,
    provenWords(proven, accepted ?? null),
    <span key="checks" className={classes['verdicts']}>
      {checks.map(({ check, green }) => {
        const verdict = green === null ? 'none' : green ? 'green' : 'red';
        const shape = green === null ? '·' : green ? '✓' : '✕';
        return (
          <span key={check} className={classes['verdict']} data-verdict={verdict} title={`${check}: ${verdict}`}>
            {shape} {plain(check)}
          </span>
        );
      })}
    </span>,
  ];
}

function provenWords(proven: boolean | null, accepted: Step['accepted']): string {
  if (accepted !== null && accepted !== undefined) return `taken by ${accepted.by}`;
  return proven === null ? 'no check asked' : proven ? '✓ all green' : '▲ no verdict for all';
}
