/** The facts of an attempt; while it lives they come with every pulse. */
import { Code, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Attempt } from '../../../../src/api/contract.ts';
import { useAgents } from '../../data/queries.ts';
import { Ago, Lasted } from '../../parts/Ago.tsx';
import { Facts } from '../../parts/Facts.tsx';
import { Meter } from '../../parts/Meter.tsx';
import { plain } from '../../parts/plain.ts';
import { Section } from '../../parts/Section.tsx';
import { Status } from '../../parts/Status.tsx';
import { money, short, span } from '../../parts/time.ts';

export function AttemptFacts({ attempt }: { attempt: Attempt }): ReactElement {
  const live = useAgents().data?.items.find(({ token }) => token === attempt.token);
  const { todo, step, doing, tokens, costUsd, contextUsed, contextSize } = live ?? attempt;
  return (
    <Section title="Facts">
      <Facts
        of={{
          Agent: live && (
            <>
              <Status status={live.status} of="agent" />
              <Text size="xs" c="dimmed">
                heard {span(live.quietMs)} ago
              </Text>
            </>
          ),
          Doing: doing !== '' && plain(doing),
          Todo:
            todo !== null && `${todo.done} of ${todo.total} done${todo.now === '' ? '' : `, now: ${plain(todo.now)}`}`,
          Step: step,
          Context: contextUsed !== null && contextSize !== null && contextSize > 0 && (
            <Meter label={`of ${short(contextSize)}`} share={contextUsed / contextSize} />
          ),
          Tokens: short(tokens),
          Cost: money(costUsd),
          Memory: typeof live?.memoryMb === 'number' && `${live.memoryMb} MB`,
          CPU: typeof live?.cpuMs === 'number' && span(live.cpuMs),
          Processes: live?.processes,
          Started: <Ago at={attempt.startedAt} />,
          Took: <Lasted from={attempt.startedAt} to={attempt.endedAt} />,
          Rung: attempt.rung,
          Adapter: attempt.adapter,
          Model: attempt.model !== null && plain(attempt.model),
          Branch: attempt.branch !== null && <Code>{plain(attempt.branch)}</Code>,
          Base: attempt.base !== null && <Code>{attempt.base.slice(0, 12)}</Code>,
          Commit: attempt.commit !== null && <Code>{attempt.commit.slice(0, 12)}</Code>,
        }}
      />
    </Section>
  );
}
