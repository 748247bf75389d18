/**
 * A project in the middle of its work, with something of everything that the dashboard shows: agents at work who wait until they
 * are told, a question, a failure, work that needs approval, a wish for more paths, a message, a finding, and work that has landed.
 *
 * Agents move only when they are told, so that what a test looks at stands still.
 */
import { serveApi, type ServedApi } from '../support/api.ts';
import type { OrbitRun } from '../support/e2e-run.ts';
import { makeProject, type Project } from '../support/e2e.ts';

type Steps = readonly Readonly<Record<string, unknown>>[];

export interface Stage {
  project: Project;
  run: OrbitRun;
  api: ServedApi;
  /** What the server answers to a GET now. */
  ask: <Answer>(path: string) => Promise<Answer>;
}

const work: Steps = [
  { do: 'write', path: 'src/{task}.ts', text: 'export const name = "{task}";\n// {title}\n' },
  { do: 'commit' },
  { do: 'report', report: 'complete' },
];

const stagePlan = `# Tasks

## Layer 1: Ground

- [ ] T001 @any Lay the ground
      Write the first module.
- [ ] T002 @any Choose a database
      Files: src/T002.ts
- [ ] T003 @any Read settings from a file
      Files: src/T003.ts, src/settings/**
- [ ] T004 @any Port the old parser
- [ ] T005 @any Run the checks on every push
      Files: .github/**, src/T005.ts
- [ ] T007 @any Explain the settings
      Files: src/T007.ts
- [ ] T008 @any Measure the start-up time

## Layer 2: House

- [ ] T006 @any Show settings in the window
      Dependencies: T003, T005
- [ ] T009 @any Store what was read
      Dependencies: T002, T001
- [ ] T010 @any Search what was stored
      Dependencies: T009
`;

const stageScript: Readonly<Record<string, readonly Steps[]>> = {
  T001: [work],
  T002: [
    [
      { do: 'say', text: 'Both would do.' },
      { do: 'report', report: 'question', text: 'SQLite or Postgres? The plan names neither.' },
    ],
    work,
  ],
  T003: [
    [
      { do: 'say', text: 'I read what is there first.' },
      { do: 'think', text: 'The settings are in one file, so one reader is enough.' },
      { do: 'tool', tool: 'read', input: 'src/settings/file.ts', text: 'export const file = 1;\n'.repeat(20) },
      { do: 'tool', tool: 'bash', input: 'npm test', ok: false, text: 'failed: 1 of 12 tests' },
      {
        do: 'todo',
        items: [
          { text: 'Read the file', done: true },
          { text: 'Refuse unknown keys', done: false },
          { text: 'Tell the line of a fault', done: false },
        ],
      },
      { do: 'usage', tokens: 48_200, contextUsed: 61_000, contextSize: 200_000, costUsd: 0.42 },
      { do: 'run', command: ['orbit', 'send', 'person', 'The example in the README contradicts the plan.'] },
      {
        do: 'run',
        command: [
          'orbit',
          'note',
          'Settings need a clock',
          'Inject it; src/settings/clock.ts shows how.',
          '--kind',
          'gotcha',
          '--path',
          'src/settings/clock.ts',
        ],
      },
      { do: 'wait-for-hint', contains: 'unknown keys' },
      { do: 'say', text: 'Understood: unknown keys are refused.' },
      { do: 'wait-for-hint', contains: 'finish' },
      ...work,
    ],
    work,
  ],
  T004: [[{ do: 'report', report: 'failed', text: 'The old parser has no tests to compare with.' }], work],
  T005: [
    [{ do: 'write', path: '.github/workflows/ci.yml', text: 'on: push\njobs:\n  test:\n    runs-on: any\n' }, ...work],
    work,
  ],
  T007: [
    [
      { do: 'run', command: ['orbit', 'scope', 'add', 'docs/settings.md', '--why', 'it is explained there'] },
      { do: 'wait-for-hint', contains: 'docs/settings.md' },
      ...work,
    ],
  ],
  T008: [[{ do: 'say', text: 'Measuring.' }, { do: 'wait-for-hint', contains: 'finish' }, ...work], work],
};

const stageSettings: Readonly<Record<string, unknown>> = {
  agents: {
    demo: { adapter: 'scripted', script: 'script.json', slots: 4 },
    spare: { adapter: 'scripted', script: 'script.json', slots: 1 },
  },
  landing: { checks: ['true'] },
  scope: { widen: 'ask' },
  budget: { attempts: 1 },
  heartbeatIntervalMs: 200,
  retryDelayMs: 50,
  // Agents of a stage wait for hours if nobody tells them.
  supervision: { stallHintS: 36_000, stallActS: 72_000 },
};

/** Starts the work and a server beside it; resolves when everything that moves by itself has come to rest. */
export async function openStage(order: { settings?: Readonly<Record<string, unknown>> } = {}): Promise<Stage> {
  const project = await makeProject({
    plan: stagePlan,
    settings: { ...stageSettings, ...order.settings },
    script: { tasks: stageScript, default: [work] },
  });
  const run = project.run('001', '--agents', 'demo:4');
  const api = await serveApi(project);
  const ask: Stage['ask'] = async (path) => (await api.call('GET', path)).json() as never;
  await until(async () => (await restOf(ask)) === '', `the stage did not come to rest: ${await restOf(ask)}`);
  return { project, run, api, ask };
}

/** What of the stage is still on its way. */
async function restOf(ask: Stage['ask']): Promise<string> {
  const { items: tasks } = await ask<{ items: { id: string; status: string }[] }>('/api/tasks');
  const { items: inbox } = await ask<{ items: { kind: string }[] }>('/api/inbox');
  const { items: agents } = await ask<{ items: { task: string }[] }>('/api/agents');
  const wanted: Record<string, string> = {
    T001: 'landed',
    T002: 'needs-you',
    T003: 'running',
    T004: 'needs-you',
    T005: 'needs-you',
    T007: 'running',
    T008: 'running',
  };
  const moving = tasks.filter(({ id, status }) => (wanted[id] ?? status) !== status).map(({ id }) => id);
  const kinds = ['question', 'failed', 'approval', 'scope', 'message'];
  const missing = kinds.filter((kind) => !inbox.some((item) => item.kind === kind));
  return [...moving, ...missing, ...(agents.length === 3 ? [] : ['agents'])].join(' ');
}

export interface LogEvent {
  seq: number;
  actor: string;
  type: string;
  task: string | null;
  data: Readonly<Record<string, unknown>>;
}

/** Waits until the log has an event like that after `since`, and answers it. */
export async function logged(
  { ask }: Pick<Stage, 'ask'>,
  { since, type, task }: { since: number; type: string; task?: string },
): Promise<LogEvent> {
  let found: LogEvent | undefined;
  await until(
    async () => {
      const { events } = await ask<{ events: LogEvent[] }>(`/api/events?since=${since}&limit=1000`);
      found = events.find((event) => event.type === type && (task === undefined || event.task === task));
      return found !== undefined;
    },
    `the log tells no ${type} of ${task ?? 'anything'}`,
  );
  if (found === undefined) throw new Error('unreachable');
  return found;
}

/** The number of the log's last event. */
export async function lastEvent({ ask }: Pick<Stage, 'ask'>): Promise<number> {
  return (await ask<{ last: number }>('/api/events?since=0&limit=1')).last;
}

/** Looks until it holds; only what hangs ends by the limit. */
export async function until(holds: () => Promise<boolean> | boolean, what: string): Promise<void> {
  const end = Date.now() + 120_000;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(what);
    await new Promise((look) => setTimeout(look, 50));
  }
}
