/** The facts of a task. */
import { Code, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { TaskDetail } from '../../../../src/api/contract.ts';
import { Link, pathOf } from '../../app/Link.tsx';
import { Ago } from '../../parts/Ago.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { plain } from '../../parts/plain.ts';
import { Section } from '../../parts/Section.tsx';
import { Status } from '../../parts/Status.tsx';
import { TaskRef, TaskRefs } from '../../parts/TaskRef.tsx';
import classes from './task.module.css';

export function TaskFacts({ data }: { data: TaskDetail }): ReactElement {
  const {
    plan,
    parent,
    layer,
    kind,
    agent,
    holder,
    token,
    priority,
    dependencies,
    dependants,
    scope,
    checks,
    children,
    pr,
  } = data;
  return (
    <Stack gap="lg">
      <Section title="Facts">
        <Facts
          of={{
            Plan: (
              <Link to={pathOf.tasks(`plan:${plan}`)} inherit>
                {plan}
              </Link>
            ),
            Layer: layer ?? 'none',
            Kind: kind,
            'At work':
              holder !== null &&
              (token === null ? (
                holder
              ) : (
                <Link to={pathOf.attempt(token)} inherit>{`${holder}, attempt ${token}`}</Link>
              )),
            'Wanted agent': agent ?? 'any',
            Priority: priority,
            Needs: <TaskRefs ids={dependencies} plan={plan} />,
            'Needed by': <TaskRefs ids={dependants} plan={plan} none="no other task" />,
            Parent: parent !== null && <TaskRef id={parent} plan={plan} />,
            'Pull request': pr !== null && `#${pr}`,
            Scope: scope.length === 0 ? 'any path' : <Lines of={scope} />,
            Checks: checks.length === 0 ? 'those of its plan and target' : <Lines of={checks} />,
          }}
        />
      </Section>
      <Proof data={data} />
      {children.length > 0 && (
        <Section title="Parts">
          <ul className={classes['children']}>
            {children.map(({ id, title, status }) => (
              <li key={id}>
                <Status status={status} bare /> <TaskRef id={id} plan={plan} /> {plain(title)}
              </li>
            ))}
          </ul>
        </Section>
      )}
    </Stack>
  );
}

function Proof({ data: { evidence, landing } }: { data: TaskDetail }): ReactElement | null {
  if (evidence === null && landing === null) return null;
  return (
    <Section title="Proof and landing">
      <Facts
        of={{
          'Proven by': evidence !== null && (
            <>
              {evidence.agent}, <Ago at={evidence.at} />
            </>
          ),
          Work:
            evidence !== null &&
            (evidence.noChanges === null
              ? `${evidence.commits} commits, ${evidence.files} files`
              : `no changes: ${plain(evidence.noChanges)}`),
          Commit: evidence?.commit && <Code>{evidence.commit.slice(0, 12)}</Code>,
          Tree: evidence?.tree && <Code>{evidence.tree.slice(0, 12)}</Code>,
          Branch: evidence?.branch && <Code>{plain(evidence.branch)}</Code>,
          Green: evidence !== null && evidence.checks.length > 0 && <Lines of={evidence.checks} />,
          Queued: landing !== null && <Ago at={landing.queuedAt} />,
          Landing: landing !== null && landing.landedAt === null && landing.state,
          Held: landing?.held && plain(landing.held),
          Landed: landing?.landedAt && (
            <>
              <Ago at={landing.landedAt} /> {landing.landedAs !== null && <Code>{landing.landedAs.slice(0, 12)}</Code>}
            </>
          ),
        }}
      />
    </Section>
  );
}

function Lines({ of }: { of: readonly string[] }): ReactElement {
  return (
    <>
      {of.map((line) => (
        <Text key={line} size="xs" ff="monospace" className={classes['line'] ?? ''}>
          {plain(line)}
        </Text>
      ))}
    </>
  );
}
