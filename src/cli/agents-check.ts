/** `orbit agents check`: probes agents and shows what each can do. */
import type { Context } from '../actions/context.ts';
import type { AgentCheck } from '../core/agent-check.ts';
import { isRejection, type Rejection } from '../core/rejection.ts';
import type { Answer, Around, Input } from './command.ts';
import { columns, painter } from './output.ts';
import { duration } from './words.ts';

/** A plain task of three calls: a slow model needs a minute, and what needs more than this is no use. */
const timeoutDefaultS = 300;
/** Ten times what the dearest model asks for it. */
const costDefaultUsd = 1;
/** As with `orbit run`: something needs a person. */
const belowBar = 4;

export async function checkVerb(context: Context, input: Input, around: Around): Promise<Answer | Rejection> {
  const [{ checkAgents }, { probeAgent }, { orbitProgram }] = await Promise.all([
    import('../actions/check-agents.ts'),
    import('../probe/probe.ts'),
    import('../compose.ts'),
  ]);
  const over = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => over.abort());
  const { environment: granted } = await context.settings();
  const checks = await checkAgents(context, {
    names: input.words.slice(1),
    model: input.text('model'),
    signal: over.signal,
    probe: async (agent, entry) =>
      probeAgent({
        agent,
        entry,
        top: context.paths.top,
        granted,
        environment: around.environment,
        program: orbitProgram(),
        timeoutMs: (input.number('timeout-s') ?? timeoutDefaultS) * 1_000,
        costUsdMax: input.number('cost-usd') ?? costDefaultUsd,
        signal: over.signal,
        now: () => context.clock.now(),
      }),
    onStep: (agent, check) => {
      if (check === null && !around.json) around.warn(`Checking ${agent} …`);
    },
  });
  if (isRejection(checks)) return checks;
  if (over.signal.aborted) return { data: { agents: checks.map(told) }, text: 'Stopped.', exitCode: 130 };
  const exitCode = checks.every(({ passed }) => passed) ? 0 : belowBar;
  return { data: { agents: checks.map(told) }, text: table(checks, around), exitCode };
}

function told({ fingerprint: _fingerprint, at, ...check }: AgentCheck): object {
  return { ...check, at: new Date(at).toISOString() };
}

function table(checks: readonly AgentCheck[], around: Around): string {
  const paint = painter(around.environment, 1);
  const head = ['agent', 'adapter', 'version', 'login', 'read', 'write', 'run', 'report', 'cost', 'tokens', 'time', ''];
  const rows = checks.map((check) => [
    check.agent,
    check.adapter,
    check.version ?? (check.installed ? '-' : 'missing'),
    ...[check.login, check.read, check.write, check.run, check.report].map(word),
    `$${check.costUsd.toFixed(2)}`,
    String(check.tokens),
    duration(check.elapsedMs),
    `${check.passed ? 'passed' : 'FAILED'}: ${check.reason}`,
  ]);
  const [first = '', ...lines] = columns([head, ...rows]);
  return [
    paint(first, 'dim'),
    ...lines.map((line, at) => paint(line, checks[at]?.passed === true ? 'green' : 'red')),
  ].join('\n');
}

function word(value: boolean | null): string {
  return value === null ? '?' : value ? 'yes' : 'no';
}
