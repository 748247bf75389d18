/** Detects which dialect of plan a text is written in: first by what it says, then by its file's name. */
import { outlineOf } from './layered-outline.ts';
import { outlineSpecKit } from './spec-kit-outline.ts';

export type PlanFormat = 'layered-tasks' | 'spec-kit';

/** `null` when neither text nor name tells. `fileName` may be a path. */
export function detectFormat(text: string, fileName: string): PlanFormat | null {
  const { blocks } = outlineOf(text);
  const layers = blocks.filter((block) => block.kind === 'heading' && block.layer !== null).length;
  const named = blocks.filter((block) => block.kind === 'heading' && /^phase[ \t]+\S/i.test(block.text)).length;
  if (layers > 0 || named > 0) return layers >= named ? 'layered-tasks' : 'spec-kit';
  const name = fileName.slice(Math.max(fileName.lastIndexOf('/'), fileName.lastIndexOf('\\')) + 1).toLowerCase();
  if (name === 'layered-tasks.md') return 'layered-tasks';
  const { phases } = outlineSpecKit(text);
  if (name === 'tasks.md' && phases.some((phase) => phase.tasks.length > 0)) return 'spec-kit';
  const tasks = blocks.filter((block) => block.kind === 'task');
  const tagged = tasks.some((task) => /^(?:\[[A-Z]+\d*\]\s*)+/.test(task.head.title));
  if (tagged) return 'spec-kit';
  return tasks.length > 0 ? 'layered-tasks' : null;
}
