/** Who works on what: step, context, cost, the agent's own todo list, and what it does just now (D11). */
import { duration } from '../../platform/words.ts';
import type { Surroundings } from '../look-around.ts';
import { pad, part, said, type Line, type Part, type Space } from './line.ts';
import { narrowColumns, since, type Row } from './row.ts';

type Agent = Surroundings['agents'][number];

export function agentRows(seen: Surroundings, space: Space): Row[] {
  const width = Math.min(16, Math.max(0, ...seen.agents.map(({ agent }) => agent.length)));
  return seen.agents.map((agent) => ({
    lines: space.columns < narrowColumns ? narrowLines(agent, seen, space) : wideLines(agent, { seen, width, space }),
    about: { key: `${agent.plan}/${agent.task}`, plan: agent.plan, token: agent.token },
  }));
}

function wideLines(agent: Agent, { seen, width, space }: { seen: Surroundings; width: number; space: Space }): Line[] {
  const tone = agent.status === 'working' ? undefined : 'yellow';
  const room = Math.max(12, Math.min(48, Math.floor(space.columns / 3)));
  return [
    [
      part(` ${pad(agent.agent, width)}  ${said(agent.task)} ${said(agent.title, room)}`, tone),
      ...silence(agent),
      part(`  ${facts(agent, seen).join('  ')}`, tone),
    ],
    [part(` ${' '.repeat(width)}  ${said(agent.doing)}`, 'dim')],
  ];
}

function narrowLines(agent: Agent, seen: Surroundings, { unicode }: Space): Line[] {
  const dot = unicode ? ' · ' : ' | ';
  const tone = agent.status === 'working' ? undefined : 'yellow';
  return [
    [part(` ${said(agent.agent)} ${said(agent.task)} ${said(agent.title)}`, tone)],
    [
      part('   '),
      ...silence(agent).map((one) => ({ ...one, text: `${one.text.trim()} ` })),
      part(facts(agent, seen).join(dot)),
    ],
    [part(`   ${said(agent.doing)}`, 'dim')],
  ];
}

function silence({ status, quietMs }: Agent): Part[] {
  return status === 'working' ? [] : [part(`  ${status} for ${duration(quietMs)}`, 'red')];
}

function facts(agent: Agent, seen: Surroundings): string[] {
  const { step, startedAt, costUsd, todo, model, byHand, contextUsed, contextSize } = agent;
  const context =
    contextUsed === null
      ? []
      : contextSize === null || contextSize === 0
        ? [`context ${Math.round(contextUsed / 1000)}k`]
        : [`context ${Math.round((contextUsed / contextSize) * 100)}%`];
  return [
    `step ${step}`,
    since(seen, startedAt),
    ...context,
    ...(costUsd > 0 ? [`$${costUsd.toFixed(2)}`] : []),
    ...(todo === null ? [] : [`todo ${todo.done}/${todo.total} ${said(todo.now, 40)}`.trimEnd()]),
    ...(model === null ? [] : [said(model, 30)]),
    ...(byHand ? ['by hand'] : []),
  ];
}
