/** A plan's state in lines: what `layer-status` and `report` print. */
import type { LayerView, PlanStatus } from '../actions/report-plan.ts';
import { oneLine } from '../platform/text.ts';
import { columns, type Colour } from './output.ts';
import { duration, paintWord } from './words.ts';

type Paint = (text: string, colour: Colour) => string;

export function planLines(plan: PlanStatus, paint: Paint): string[] {
  const heads = columns(
    plan.layers.map(({ layer, completed, total, status, title }) => [
      layer === null ? 'no layer' : `Layer ${layer}`,
      `${completed}/${total}`,
      status,
      oneLine(title),
    ]),
  );
  const lines = [`${oneLine(plan.title)}: ${plan.completed}/${plan.total} complete${plan.paused ? ', paused' : ''}`];
  for (const [at, layer] of plan.layers.entries()) {
    lines.push(paintWord(heads[at] ?? '', layer.status, paint), ...layerLines(layer, paint));
  }
  return lines;
}

function layerLines({ running, ready, blocked, needsYou, stuck }: LayerView, paint: Paint): string[] {
  const stuckTokens = new Set(stuck.map(({ token }) => token));
  const lines = running.map(({ task, agent, sinceMs, silentMs, token, doing }) => {
    const silent = stuckTokens.has(token)
      ? `, ${paint('stuck', 'red')}: no sign for ${duration(silentMs ?? sinceMs)}`
      : '';
    return `    ${task}  ${agent} works on it for ${duration(sinceMs)}${silent}${doing === '' ? '' : `: ${oneLine(doing, 60)}`}`;
  });
  if (ready.length > 0) lines.push(`    ready: ${ready.join(', ')}`);
  for (const { task, waitingFor } of blocked) lines.push(`    ${task}  waits for ${waitingFor.join(', ')}`);
  for (const { task, reason } of needsYou)
    lines.push(`    ${task}  ${paint('needs you', 'red')}: ${oneLine(reason, 100)}`);
  return lines;
}
