/** A project of thousands of tasks with dozens of agents at work, as text and as claims: what screens have to bear. */
import { isRejection } from '../../src/core/rejection.ts';
import type { Store } from '../../src/store/store.ts';

/** A plan of `layers` layers with `perLayer` tasks each; a task needs up to three of the layer before. */
export function largePlan({ layers, perLayer }: { layers: number; perLayer: number }): string {
  const lines = ['# Tasks for 001: a large plan', ''];
  for (let layer = 1; layer <= layers; layer += 1) {
    lines.push(`## Layer ${layer}: Part ${layer}`, '');
    for (let place = 0; place < perLayer; place += 1) {
      const needs = layer === 1 ? [] : [place, place * 7 + 3, place * 13 + 5].slice(0, (place % 3) + 1);
      const named = [...new Set(needs.map((at) => taskId(layer - 1, at % perLayer, perLayer)))];
      lines.push(
        `- [ ] ${taskId(layer, place, perLayer)} @any Do part ${place + 1} of ${layer}, with a title of usual length`,
        `      Dependencies: ${named.length === 0 ? 'None' : named.join(', ')}`,
        `      Files: src/part-${layer}/file-${place}.ts`,
      );
    }
    lines.push('');
  }
  return lines.join('\n');
}

/** Has `count` agents take tasks by hand, which nobody takes from them. */
export async function claimMany(store: Store, count: number): Promise<void> {
  for (let agent = 1; agent <= count; agent += 1) {
    const claimed = await store.claim(
      {
        agent: `claude-${agent}`,
        plan: '001',
        task: null,
        byHand: true,
        leaseMs: 86_400_000,
        shared: [],
        base: null,
        workspace: null,
        branch: `orbit-work/001/${agent}`,
      },
      'person:test',
      Date.now(),
    );
    if (isRejection(claimed)) throw new Error(claimed.message);
  }
}

function taskId(layer: number, place: number, perLayer: number): string {
  return `T${String((layer - 1) * perLayer + place + 1).padStart(4, '0')}`;
}
