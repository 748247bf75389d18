/**
 * The demo's files: the project as it stands before any agent, its plan, its settings, and the agents' script.
 *
 * Pure: makes texts from the list in `tasks.ts`.
 */
import { demoTasks, layerTitles, type DemoTask } from './tasks.ts';

export const demoPlan = '001';
const demoPlanFile: string = `specs/${demoPlan}/agent-tasks/layered-tasks.md`;
const demoScriptFile = 'demo-agents.json';

/** Path → text of everything in the first commit. */
export function demoFiles(): ReadonlyMap<string, string> {
  return new Map([
    ['README.md', '# A text toolkit\n\nMade by the agents of the Orbit demo, one module a task.\n'],
    ['package.json', `${JSON.stringify({ name: 'text-toolkit', private: true, type: 'module' }, null, 2)}\n`],
    ['test/all.mjs', allTests],
    ['orbit.config.json', `${JSON.stringify(settings, null, 2)}\n`],
    [demoPlanFile, planText()],
    [demoScriptFile, `${JSON.stringify(script(), null, 1)}\n`],
  ]);
}

/** Runs every module's test: what each landing must keep green. */
const allTests = `import { readdirSync } from 'node:fs';

for (const file of readdirSync(new URL('.', import.meta.url)).filter((name) => name.endsWith('.test.mjs'))) {
  await import(new URL(file, import.meta.url));
}
`;

/** Short times, so that a hang is noticed while somebody watches. */
const settings = {
  agents: { demo: { adapter: 'scripted', script: demoScriptFile, slots: 4 } },
  landing: { checks: ['node test/all.mjs'] },
  supervision: { stallHintS: 1, stallActS: 2 },
  retryDelayMs: 200,
};

function planText(): string {
  const parts = ['# A text toolkit', '', 'Twenty-six small modules, in four layers.', ''];
  for (const layer of [1, 2, 3, 4] as const) {
    parts.push(`## Layer ${layer}: ${layerTitles[layer]}`, '');
    for (const task of demoTasks.filter((each) => each.layer === layer)) parts.push(...taskLines(task));
    parts.push('');
  }
  return parts.join('\n');
}

function taskLines(task: DemoTask): string[] {
  const needs = task.needs.map((name) => idOf(name));
  return [
    `- [ ] ${task.id} ${task.title}`,
    `      Dependencies: ${needs.length === 0 ? 'None' : needs.join(', ')}`,
    `      Files: ${modulePath(task)}, ${testPath(task)}`,
    `      Check: node ${testPath(task)}`,
  ];
}

function script(): { tasks: Record<string, object[][]> } {
  return { tasks: Object.fromEntries(demoTasks.map((task) => [task.id, attempts(task)])) };
}

/** What each attempt at a task does: a fault first, if it has one, then good work. */
function attempts(task: DemoTask): object[][] {
  const good = goodSteps(task);
  const { fault } = task;
  if (fault === undefined) return [good];
  switch (fault) {
    case 'crash':
      return [[...writeSteps(task), { do: 'crash', signal: 'SIGKILL' }], good];
    case 'lie':
      return [[{ do: 'sleep', ms: task.workMs }, { do: 'lie' }, { do: 'exit' }], good];
    case 'outside-scope':
      return [
        [
          ...writeSteps(task),
          { do: 'append', path: 'README.md', text: '\nI was here.\n' },
          { do: 'commit' },
          { do: 'report', report: 'complete' },
          { do: 'exit' },
        ],
        good,
      ];
    case 'hang':
      return [[{ do: 'say', text: 'Thinking about mirrors …' }, { do: 'hang' }], good];
    case 'question':
      return [
        [
          { do: 'sleep', ms: task.workMs },
          {
            do: 'report',
            report: 'question',
            text: 'In which form shall dates be written: 2026-11-20 or 20 November 2026?',
          },
          { do: 'exit' },
        ],
        good,
      ];
  }
}

function goodSteps(task: DemoTask): object[] {
  return [
    ...writeSteps(task),
    { do: 'run', command: ['node', testPath(task)] },
    { do: 'commit' },
    { do: 'report', report: 'complete' },
    { do: 'exit' },
  ];
}

function writeSteps(task: DemoTask): object[] {
  return [
    { do: 'say', text: `I write ${modulePath(task)}.` },
    { do: 'sleep', ms: task.workMs },
    { do: 'write', path: modulePath(task), text: moduleText(task) },
    { do: 'write', path: testPath(task), text: testText(task) },
  ];
}

function moduleText(task: DemoTask): string {
  const imports = task.needs.map((name) => `import { ${name} } from './${name}.mjs';\n`).join('');
  return `${imports}${imports === '' ? '' : '\n'}/** ${task.title}. */\nexport function ${task.name}(text) {\n  return ${task.code};\n}\n`;
}

function testText(task: DemoTask): string {
  return `import assert from 'node:assert/strict';\nimport { ${task.name} } from '../src/${task.name}.mjs';\n\nassert.ok(${task.holds});\n`;
}

function modulePath(task: DemoTask): string {
  return `src/${task.name}.mjs`;
}

function testPath(task: DemoTask): string {
  return `test/${task.name}.test.mjs`;
}

function idOf(name: string): string {
  return demoTasks.find((task) => task.name === name)?.id ?? name;
}
