/** A live attempt in one line: how it is, what it does, what it uses. */
import { Button, Group, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { Agent } from '../../../../src/api/contract.ts';
import { Link, pathOf } from '../../app/Link.tsx';
import { plain } from '../../parts/plain.ts';
import { nudge, terminate } from '../../parts/attempt-deeds.ts';
import { Status } from '../../parts/Status.tsx';
import { money, short, span } from '../../parts/time.ts';
import classes from './agents.module.css';
import { Meter } from '../../parts/Meter.tsx';

export function AgentRow({ agent, cpuShare }: { agent: Agent; cpuShare: number | undefined }): ReactElement {
  const { token, status, quietMs, step, doing, todo, byHand, model, branch, contextUsed, contextSize } = agent;
  return (
    <div className={classes['agent']}>
      <div>
        <Link to={pathOf.attempt(token)} fw={600} fz="sm" c="inherit">
          {agent.agent}
        </Link>
        <Text size="xs" c="dimmed" truncate>
          attempt {token}
          {model !== null && `, ${plain(model)}`}
          {byHand && ', by hand'}
        </Text>
      </div>
      <div>
        <Status status={status} of="agent" />
        <Text size="xs" c="dimmed">
          {quietMs < 2_000 ? 'heard just now' : `heard ${span(quietMs)} ago`}
        </Text>
      </div>
      <div className={classes['doing']}>
        <Text size="sm" truncate title={plain(doing)}>
          {plain(doing) || 'nothing told yet'}
        </Text>
        <Text size="xs" c="dimmed" truncate>
          {todo === null ? `step ${step}` : `step ${step}, ${todo.done} of ${todo.total} done, now: ${plain(todo.now)}`}
          {branch !== null && `, ${plain(branch)}`}
        </Text>
      </div>
      <div>
        {contextUsed !== null && contextSize !== null && contextSize > 0 ? (
          <Meter label="context" share={contextUsed / contextSize} />
        ) : (
          <Text size="xs" c="dimmed">
            context unknown
          </Text>
        )}
        <Text size="xs" c="dimmed">
          {short(agent.tokens)} tokens, {money(agent.costUsd)}
        </Text>
      </div>
      <Usage agent={agent} cpuShare={cpuShare} />
      <Group gap={4} wrap="nowrap" justify="flex-end">
        <Button size="compact-xs" variant="default" onClick={() => void nudge(agent)}>
          Tell…
        </Button>
        <Button size="compact-xs" variant="default" c="red" onClick={() => void terminate(agent)}>
          End…
        </Button>
      </Group>
    </div>
  );
}

function Usage({
  agent: { cpuMs, memoryMb, processes },
  cpuShare,
}: {
  agent: Agent;
  cpuShare: number | undefined;
}): ReactElement {
  const unknown = cpuMs === null && memoryMb === null;
  return (
    <div>
      <Text size="sm">{unknown ? 'usage unknown' : memoryMb === null ? '' : `${memoryMb} MB`}</Text>
      <Text size="xs" c="dimmed">
        {cpuShare !== undefined && `CPU ${Math.round(cpuShare * 100)} %`}
        {cpuShare === undefined && cpuMs !== null && `${span(cpuMs)} of CPU`}
        {processes !== null && `, ${processes} ${processes === 1 ? 'process' : 'processes'}`}
      </Text>
    </div>
  );
}
