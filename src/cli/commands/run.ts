import { join } from 'node:path';
import type { Event } from '../../core/event.ts';
import { keyParts, type TaskKey } from '../../core/id.ts';
import { finishes, type Finish } from '../../core/pull-request.ts';
import { UsageError } from '../../platform/error.ts';
import { openLog } from '../../platform/log.ts';
import type { CoordinatorPorts, CoordinatorSettings } from '../../coordinator/ports.ts';
import { needsForge } from '../../coordinator/landing-mode.ts';
import { tellHolder } from '../../platform/holder.ts';
import { oneLine, safeJson } from '../../platform/text.ts';
import type { Context } from '../../actions/context.ts';
import type { Around, Command, Input } from '../command.ts';
import { summaryJson } from '../run/summary.ts';
import { readAgents, readWish, requireStartable } from '../run/agents.ts';
import { openBeside } from '../run/beside.ts';
import { openView, type RunView } from '../run/view.ts';

export const command: Command = {
  summary: 'Work through plans with the configured agents until nothing moves without you.',
  usage: [
    'run [PLAN…] [--agents NAME:SLOTS,…] [--into BRANCH] [--finish HOW]',
    'run --task TASK [--agents NAME] [--model MODEL] [--thinking LEVEL]',
    'run [PLAN…] --on-request',
  ],
  examples: [
    ['orbit run 001', 'reads specs/001/agent-tasks/layered-tasks.md and works on it'],
    ['orbit run 001 --agents claude:3,sh:1', 'with these agents, whatever slots the settings say'],
    ['orbit run --task T031 --agents claude --model opus --thinking high', 'one task by hand, as you choose'],
    ['orbit run 001 --json', 'one event a line, last the summary'],
  ],
  flags: {
    agents: { kind: 'text', value: 'NAME:SLOTS,…', about: 'Which of the configured agents, and how many of each.' },
    api: { kind: 'switch', about: 'Serve the API and the dashboard also with --json or --quiet.' },
    'no-api': { kind: 'switch', about: 'Serve neither.' },
    verbose: { kind: 'switch', about: 'Also say what the coordinator notes in its log.' },
    task: { kind: 'text', value: 'TASK', about: 'Only this task; with --agents, by the agent of your choice.' },
    model: { kind: 'text', value: 'MODEL', about: 'Model for this run, whatever the settings and the ladder say.' },
    thinking: { kind: 'text', value: 'LEVEL', about: 'Thinking budget for this run: low, medium, high or max.' },
    into: { kind: 'text', value: 'BRANCH', about: 'Where work lands; orbit/<plan> by default.' },
    'on-request': {
      kind: 'switch',
      about: 'Give out nothing by itself, only what orbit spawn asks for; ends when that has ended.',
    },
    finish: { kind: 'text', value: 'HOW', about: `What becomes of a finished plan: ${finishes.join(', ')}.` },
  },
  words: { min: 0, max: 100, names: 'plans' },
  async run(input, around) {
    const context = await around.project();
    const settings = await context.settings();
    let say = (text: string): void => around.warn(text);
    const agents = readAgents(input.text('agents'), settings);
    const wish = readWish(input, agents.length);
    const finish = readFinish(input);
    const named = await readPlans(context, input);
    const task = await readTask(context, input, named);
    const plans = task === null ? named : [keyParts(task).plan];
    await requireStartable(
      context,
      agents.map(({ name }) => name),
      say,
    );
    const { requireAgents } = await import('../../actions/require-agents.ts');
    for (const plan of plans)
      await requireAgents(context, plan, [
        ...new Set([...agents.map(({ name }) => name), ...Object.keys(settings.agents)]),
      ]);
    await requireRunnableChecks(context, plans, { path: around.environment['PATH'] ?? '', task, say });
    const [{ openCoordinator, openTraces }, { runPlans }] = await Promise.all([
      import('../../compose-run.ts'),
      import('../../coordinator/run.ts'),
    ]);
    const log = openLog(join(context.paths.logs, 'coordinator.log'), () => context.clock.now());
    const tell = (line: string): void => {
      log(line);
      if (input.has('verbose')) say(line);
    };
    const {
      ports,
      settings: coordinator,
      close,
    } = await openCoordinator(context, {
      plans,
      agents,
      wish,
      finish,
      onRequest: input.has('on-request'),
      environment: around.environment,
      log: tell,
    });
    await requireForge(context, plans, { ports, settings: coordinator });
    const { drain, leave } = endOnSignals((text) => say(text));
    const view = around.json ? jsonView(around) : await openView(context, around, plans);
    say = view.notice;
    const beside = openBeside(context, { input, around, log, say: view.notice });
    const traces = await openTraces(context, around.environment, tell);
    const summary = await runPlans(
      ports,
      { ...coordinator, task: task ?? undefined },
      {
        onEvent: (event) => (view.show(event), traces?.see(event)),
        onStandby: standby(view.notice),
        onNotice: view.notice,
        onTick: beside.onTick,
        drain: drain.signal,
        leave: leave.signal,
      },
    );
    await view.end(summary);
    await beside.close();
    await traces?.close();
    await close();
    return { data: null, text: '', exitCode: summary.drained ? 130 : summary.left.length > 0 ? 4 : 0 };
  },
};

/** Before any agent works: a check that can never run would be found at the first landing only. Throws `UsageError` `bad-check`. */
async function requireRunnableChecks(
  context: Context,
  plans: readonly string[],
  order: { path: string; task: TaskKey | null; say: (text: string) => void },
): Promise<void> {
  const { requireChecks, requireSettingsChecks } = await import('../../actions/require-checks.ts');
  await requireSettingsChecks(context, order);
  for (const plan of plans) await requireChecks(context, plan, order);
}

/** What would fail in the end is told at the beginning: no remote, no token, a host that nothing is known of. */
async function requireForge(
  { store }: Context,
  plans: readonly string[],
  { ports, settings }: { ports: CoordinatorPorts; settings: CoordinatorSettings },
): Promise<void> {
  const stored = await Promise.all(plans.map(async (plan) => store.plan(plan)));
  if (stored.some((plan) => plan !== null && needsForge(plan, settings))) await ports.forge?.();
}

/** Throws `UsageError` `bad-flag`. */
function readFinish(input: Input): Finish | null {
  const word = input.text('finish');
  const finish = finishes.find((one) => one === word) ?? null;
  if (word === null || finish !== null) return finish;
  throw new UsageError('bad-flag', `there is no finish ${JSON.stringify(word)}`, `one of ${finishes.join(', ')}`);
}

/** Reads the plans' files and warns about agents that this project does not have. */
async function readPlans(context: Context, input: Input): Promise<string[]> {
  const { requirePlan } = await import('../../actions/find-task.ts');
  const { syncPlans } = await import('../../actions/sync-plan.ts');
  const words = [...input.words];
  if (words.length === 0) {
    await syncPlans(context);
    words.push(...(await context.store.plans()).map(({ id }) => id));
    if (words.length === 0)
      throw new UsageError(
        'unknown-plan',
        'there is no plan yet',
        'write specs/001/agent-tasks/layered-tasks.md, or orbit import',
      );
  }
  const into = input.text('into');
  for (const plan of words) {
    await requirePlan(context, plan);
    if (into !== null) await (await import('../../actions/retarget-plan.ts')).retargetPlan(context, plan, into);
  }
  return [...new Set(words)];
}

/** The one task that a person wants run, or `null` for all. Throws as `findTask` does. */
async function readTask(context: Context, input: Input, plans: readonly string[]): Promise<TaskKey | null> {
  const text = input.text('task');
  if (text === null) return null;
  const { findTask } = await import('../../actions/find-task.ts');
  return (await findTask(context, text, plans.length === 1 ? (plans[0] ?? null) : null)).task.key;
}

/** First Ctrl-C: give out nothing new, save work, end. Second: end agents by force. Third: leave whatever is going on. */
function endOnSignals(say: (text: string) => void): { drain: AbortController; leave: AbortController } {
  const [drain, leave] = [new AbortController(), new AbortController()];
  const onSignal = (): void => {
    if (leave.signal.aborted) process.exit(130);
    if (drain.signal.aborted) {
      say('Ending all agents now.');
      leave.abort();
      return;
    }
    say('Stopping: agents are asked to end and their work is saved. Once more to end them now.');
    drain.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  return { drain, leave };
}

/** One event a line, last the summary. */
function jsonView(around: Around): RunView {
  return {
    show: (event) => around.write(`${safeJson(jsonEvent(event))}\n`),
    notice: (text) => around.warn(text),
    end: async (summary) => around.write(`${safeJson(summaryJson(summary))}\n`),
  };
}

function jsonEvent({ seq, at, actor, plan, task, attempt, body }: Event): object {
  const { type, ...data } = body;
  return {
    seq,
    at: new Date(at).toISOString(),
    actor,
    type,
    task: task?.slice(task.indexOf('/') + 1) ?? null,
    attempt,
    data,
    plan,
  };
}

function standby(say: (text: string) => void): (leader: string | null) => void {
  let told: string | null | undefined;
  return (leader) => {
    if (told === leader) return;
    told = leader;
    const who = leader === null ? '' : ` (${oneLine(tellHolder(leader))})`;
    say(`Another orbit run leads${who}; standing by to take over.`);
  };
}
