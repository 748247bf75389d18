/**
 * Metrics in Prometheus' text format, version 0.0.4: what `/metrics` answers with. Pure: facts in, text out.
 *
 * Owns the names, and that there are never many series, whatever agents call their models: labels are cut, and beyond
 * {@link labelsMax} values of one label the rest is added up as `other`. Every series of a name is written once.
 */
import type { ProjectMeasures } from '../actions/measure-project.ts';
import { taskStatuses } from '../core/status.ts';
import { oneLine } from '../platform/text.ts';

/** What `Content-Type` says of the text. */
export const metricsType = 'text/plain; version=0.0.4; charset=utf-8';

export interface MetricsFacts {
  project: ProjectMeasures;
  version: string;
  /** Of a long-lived process that answers: bytes, and seconds of processor time since its start. `null`: it is gone right after. */
  process: { memoryBytes: number; cpuSeconds: number; startedAt: number } | null;
  /** Of the coordinator in this process, if there is one. Seconds. */
  ticks: { count: number; seconds: number; lastSeconds: number } | null;
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [labels: Labels, value: number];

interface Metric {
  name: string;
  kind: 'gauge' | 'counter' | 'summary';
  help: string;
  /** Suffix of the name → samples. */
  samples: readonly (readonly [suffix: string, samples: readonly Sample[]])[];
}

/** Different values of one label; a project of more plans or models than that is watched by other means. */
export const labelsMax = 50;
/** Characters of a label's value. */
const labelWidth = 80;

/** @returns whole lines, the last with its line feed. */
export function metricsText(facts: MetricsFacts): string {
  return [...projectMetrics(facts.project), ...processMetrics(facts)].map(metricText).join('');
}

function projectMetrics(project: ProjectMeasures): Metric[] {
  const { tasks, attempts, live, spent, queue, inbox, inboxOldestMs, lastSeq, led } = project;
  const measured = <T>(rows: readonly T[], pick: (row: T) => number | null, labels: (row: T) => Labels): Sample[] =>
    rows.flatMap((row) => {
      const value = pick(row);
      return value === null ? [] : [[labels(row), value] as const];
    });
  const plan = (row: { plan: string }): Labels => ({ plan: row.plan });
  const model = (row: { adapter: string | null; model: string | null }): Labels => ({
    adapter: row.adapter ?? 'by-hand',
    model: row.model ?? 'unknown',
  });
  return [
    gauge(
      'orbit_tasks',
      'Tasks by plan and status.',
      tasks.flatMap((row) => taskStatuses.map((status): Sample => [{ plan: row.plan, status }, row.byStatus[status]])),
    ),
    counter(
      'orbit_attempts_total',
      'Ended attempts by adapter and outcome.',
      attempts.map(({ adapter, outcome, count }) => [{ adapter: adapter ?? 'by-hand', outcome }, count]),
    ),
    gauge(
      'orbit_agents_live',
      'Attempts that go on, by adapter.',
      live.map(({ adapter, count }) => [{ adapter: adapter ?? 'by-hand' }, count]),
    ),
    counter(
      'orbit_tokens_total',
      'Tokens as agents reported them, by adapter and model.',
      measured(spent, (row) => row.tokens, model),
    ),
    counter(
      'orbit_cost_usd_total',
      'Costs in US dollars as agents reported them, by adapter and model.',
      measured(spent, (row) => row.costUsd, model),
    ),
    gauge(
      'orbit_queue_length',
      'Finished work that waits to land, by plan.',
      measured(queue, (row) => row.waiting, plan),
    ),
    ratio(
      'orbit_train_failure_ratio',
      'Share of changes that go back red from landing, as measured, by plan.',
      measured(queue, (row) => row.failureRate, plan),
    ),
    ratio(
      'orbit_validation_seconds',
      'Mean time of a validation that ran checks, by plan.',
      measured(queue, (row) => (row.validationMs === null ? null : row.validationMs / 1000), plan),
    ),
    gauge(
      'orbit_inbox_items',
      'Tasks that wait for a person, by kind.',
      inbox.map(({ kind, count }) => [{ kind }, count]),
    ),
    gauge('orbit_inbox_oldest_seconds', 'Age of the oldest of them; 0 where none waits.', [
      [{}, (inboxOldestMs ?? 0) / 1000],
    ]),
    counter('orbit_events_total', 'Events in the log.', [[{}, lastSeq]]),
    gauge('orbit_coordinator_leads', 'Whether a coordinator leads the project: 1 or 0.', [[{}, led ? 1 : 0]]),
  ];
}

function processMetrics({ version, process, ticks }: MetricsFacts): Metric[] {
  const tick: Metric[] =
    ticks === null
      ? []
      : [
          {
            name: 'orbit_tick_seconds',
            kind: 'summary',
            help: 'Time that the coordinator of this process takes for a tick.',
            samples: [
              ['_sum', [[{}, ticks.seconds]]],
              ['_count', [[{}, ticks.count]]],
            ],
          },
          gauge('orbit_tick_last_seconds', 'The same of its last tick.', [[{}, ticks.lastSeconds]]),
        ];
  const own: Metric[] =
    process === null
      ? []
      : [
          gauge('process_resident_memory_bytes', 'Memory of this process.', [[{}, process.memoryBytes]]),
          counter('process_cpu_seconds_total', 'Processor time of this process, user and system.', [
            [{}, process.cpuSeconds],
          ]),
          gauge('process_start_time_seconds', 'Start of this process, in seconds since 1970.', [
            [{}, process.startedAt / 1000],
          ]),
        ];
  return [...tick, gauge('orbit_build_info', 'Always 1; the version stands in the label.', [[{ version }, 1]]), ...own];
}

function gauge(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, kind: 'gauge', help, samples: [['', added(samples)]] };
}

function counter(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, kind: 'counter', help, samples: [['', added(samples)]] };
}

/** Of these, what falls together under `other` is no sum: the largest is told. */
function ratio(name: string, help: string, samples: readonly Sample[]): Metric {
  return { name, kind: 'gauge', help, samples: [['', added(samples, Math.max)]] };
}

/** Bounded labels; series that have the same ones then are one. */
function added(samples: readonly Sample[], join: (a: number, b: number) => number = (a, b) => a + b): Sample[] {
  const values = new Map<string, Set<string>>();
  const sums = new Map<string, Sample>();
  for (const [labels, value] of samples) {
    const bounded = Object.fromEntries(
      Object.entries(labels).map(([name, text]) => {
        const known = values.get(name) ?? new Set();
        values.set(name, known);
        const cut = oneLine(text.toWellFormed(), labelWidth);
        if (!known.has(cut) && known.size >= labelsMax) return [name, 'other'];
        known.add(cut);
        return [name, cut];
      }),
    );
    const key = JSON.stringify(bounded);
    const before = sums.get(key);
    sums.set(key, [bounded, before === undefined ? value : join(before[1], value)]);
  }
  return [...sums.values()];
}

function metricText({ name, kind, help, samples }: Metric): string {
  const lines = samples.flatMap(([suffix, list]) =>
    list.map(([labels, value]) => `${name}${suffix}${labelText(labels)} ${valueText(value)}\n`),
  );
  return lines.length === 0 ? '' : `# HELP ${name} ${help}\n# TYPE ${name} ${kind}\n${lines.join('')}`;
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels).map(([name, text]) => `${name}="${escaped(text)}"`);
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`;
}

function escaped(text: string): string {
  return text
    .replaceAll('\\', String.raw`\\`)
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`);
}

function valueText(value: number): string {
  if (Number.isFinite(value)) return String(value);
  return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf';
}
