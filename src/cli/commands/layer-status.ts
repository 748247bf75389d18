import { UsageError } from '../../platform/error.ts';
import { oneLine } from '../../platform/text.ts';
import type { Command } from '../command.ts';
import { columns, painter } from '../output.ts';
import { duration, paintWord } from '../words.ts';

export const command: Command = {
  summary: 'How far a plan is, layer by layer.',
  usage: ['layer-status PLAN'],
  examples: [['orbit-agent layer-status 001', 'done and total per layer, who is at what, what waits']],
  flags: { plan: { kind: 'text', value: 'PLAN', about: 'The plan.' } },
  words: { min: 0, max: 1, names: 'a plan' },
  async run(input, around) {
    const context = await around.project();
    const plan = input.words[0] ?? input.text('plan') ?? context.caller.plan;
    if (plan === null) throw new UsageError('missing-argument', 'orbit layer-status needs a plan', 'orbit layer-status 001');
    const { layerStatus } = await import('../../actions/layer-status.ts');
    const answer = await layerStatus(context, plan);
    const paint = painter(around.environment);
    const rows = answer.layers.map((layer) => [
      layer.layer === null ? 'no layer' : `Layer ${layer.layer}`,
      `${layer.completed}/${layer.total}`,
      layer.status,
      oneLine(layer.title),
    ]);
    const heads = columns(rows);
    const lines = [`${oneLine(answer.title)}: ${answer.completed}/${answer.total} complete${answer.paused ? ', paused' : ''}`];
    for (const [at, layer] of answer.layers.entries()) {
      lines.push(paintWord(heads[at] ?? '', layer.status, paint));
      for (const { task, agent, sinceMs } of layer.running) lines.push(`    ${task}  ${agent ?? ''} works on it for ${duration(sinceMs)}`);
      if (layer.ready.length > 0) lines.push(`    ready: ${layer.ready.join(', ')}`);
      for (const { task, waitingFor } of layer.blocked) lines.push(`    ${task}  waits for ${waitingFor.join(', ')}`);
      for (const { task, reason } of layer.needsYou) lines.push(`    ${task}  ${paint('needs you', 'red')}: ${oneLine(reason ?? '', 100)}`);
    }
    return { data: answer, text: lines.join('\n') };
  },
};
