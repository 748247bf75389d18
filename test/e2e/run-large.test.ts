/** A plan of a thousand tasks: it is read, ranked and shown, and a run of it can be stopped after a while (B1, B7, A9). */
import { expect, test } from 'vitest';
import { landedTasks } from '../support/e2e-git.ts';
import { makeProject, patience, planFile } from '../support/e2e.ts';

const layers = 10;
const perLayer = 100;

/** A grid: each task needs its own and the next one of the layer below, so that half of the order is forced. */
function largePlan(): string {
  const lines: string[] = ['# A large plan', ''];
  for (let layer = 1; layer <= layers; layer += 1) {
    lines.push(`## Layer ${layer}: Step ${layer}`, '');
    for (let column = 0; column < perLayer; column += 1) {
      const needs = layer === 1 ? 'None' : `${id(layer - 1, column)}, ${id(layer - 1, (column + 1) % perLayer)}`;
      lines.push(
        `- [ ] ${id(layer, column)} Task ${column} of step ${layer}`,
        `      Dependencies: ${needs}`,
        `      Files: src/${id(layer, column)}.txt`,
      );
    }
    lines.push('');
  }
  return lines.join('\n');
}

function id(layer: number, column: number): string {
  return `T${String((layer - 1) * perLayer + column + 1).padStart(4, '0')}`;
}

test(
  'A9 B1 B7 a thousand tasks are read, ranked and shown; twenty land, and Ctrl-C ends the run in order',
  patience,
  async () => {
    const project = await makeProject({
      plan: largePlan(),
      settings: { agents: { demo: { adapter: 'scripted', script: 'script.json', slots: 8 } } },
      script: {
        default: [
          [
            { do: 'write', path: 'src/{task}.txt', text: '{title}\n' },
            { do: 'commit' },
            { do: 'report', report: 'complete' },
            { do: 'exit' },
          ],
        ],
      },
    });
    expect((await project.orbit('plan', planFile, '--json')).json).toMatchObject({
      tasks: 1_000,
      layers,
      created: 1_000,
    });
    const ready = (await project.orbit('ready', '--plan', '001', '--json')).json as {
      tasks: { id: string; score: number }[];
    };
    expect(ready.tasks.map(({ score }) => score)).toEqual(
      ready.tasks.map(({ score }) => score).sort((one, other) => other - one),
    );
    expect(ready.tasks.every((task) => task.id <= id(1, perLayer - 1))).toBe(true);
    const all = (await project.orbit('list', '--plan', '001', '--json')).json as {
      tasks: { id: string; status: string }[];
    };
    expect(all.tasks).toHaveLength(1_000);
    expect(all.tasks.filter(({ status }) => status === 'blocked')).toHaveLength(900);
    const status = await project.orbit('layer-status', '001');
    expect({ code: status.code, text: status.stdout }).toEqual({ code: 0, text: expect.stringMatching(/0\/100/) });
    const run = project.run('001');
    await run.until(() => run.events.filter(({ type }) => type === 'task-landed').length >= 20);
    run.signal('SIGINT');
    const { code, summary } = await run.ended;
    expect({ code, drained: (summary as { drained?: boolean } | null)?.drained }).toEqual({ code: 130, drained: true });
    const landed = landedTasks(project.repository);
    expect(landed.length).toBeGreaterThanOrEqual(20);
    expect(new Set(landed).size).toBe(landed.length);
    expect(project.processes()).toEqual([]);
    const progress = JSON.parse(project.read('specs/001/agent-tasks/.progress.json')) as {
      tasks: Record<string, { status: string }>;
    };
    const completed = Object.entries(progress.tasks)
      .filter(([, { status: one }]) => one === 'completed')
      .map(([task]) => task);
    expect(completed).toEqual(expect.arrayContaining(landed));
  },
);
