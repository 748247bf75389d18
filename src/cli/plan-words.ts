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
    lines.push(paintWord(heads[at] ?? '', layer.status, paint), ...layerLines(layer, plan.plan, paint));
  }
  return lines;
}

/** Tasks of one layer that are listed; a plan of thousands is still read on a screen. `orbit ready` and `blocked` show all. */
const shownMax = 12;

function layerLines({ running, ready, blocked, needsYou, stuck }: LayerView, plan: string, paint: Paint): string[] {
  const stuckTokens = new Set(stuck.map(({ token }) => token));
  const lines = running.map(({ task, agent, sinceMs, silentMs, token, doing }) => {
    const silent = stuckTokens.has(token)
      ? `, ${paint('stuck', 'red')}: no sign for ${duration(silentMs ?? sinceMs)}`
      : '';
    return `    ${task}  ${agent} works on it for ${duration(sinceMs)}${silent}${doing === '' ? '' : `: ${oneLine(doing, 60)}`}`;
  });
  const readyMore = ready.length > shownMax ? ` and ${ready.length - shownMax} more (orbit ready --plan ${plan})` : '';
  if (ready.length > 0) lines.push(`    ready: ${ready.slice(0, shownMax).join(', ')}${readyMore}`);
  for (const { task, waitingFor } of blocked.slice(0, shownMax))
    lines.push(`    ${task}  waits for ${waitingFor.join(', ')}`);
  if (blocked.length > shownMax)
    lines.push(`    and ${blocked.length - shownMax} more wait (orbit blocked --plan ${plan})`);
  for (const { task, reason } of needsYou)
    lines.push(`    ${task}  ${paint('needs you', 'red')}: ${oneLine(reason, 100)}`);
  return lines;
}
