import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ProjectMeasures } from '../actions/measure-project.ts';
import { taskStatuses, type TaskStatus } from '../core/status.ts';
import { labelsMax, metricsText, metricsType, type MetricsFacts } from './metrics.ts';

const project: ProjectMeasures = {
  tasks: [{ plan: '001', byStatus: { ...zeros(), landed: 3, running: 1 } }],
  attempts: [{ adapter: 'claude', outcome: 'done', count: 3 }],
  live: [{ adapter: null, count: 1 }],
  spent: [{ adapter: 'claude', model: 'a "b"\\', tokens: 12, costUsd: 0.5 }],
  queue: [{ plan: '001', waiting: 2, failureRate: 0.1, validationMs: null }],
  inbox: [{ kind: 'question', count: 1 }],
  inboxOldestMs: 90_000,
  lastSeq: 42,
  led: true,
};

const facts: MetricsFacts = {
  project,
  version: '1.2.3',
  process: { memoryBytes: 1e8, cpuSeconds: 1.5, startedAt: 1_000 },
  ticks: { count: 2, seconds: 0.25, lastSeconds: 0.1 },
};

function zeros(): Record<TaskStatus, number> {
  return Object.fromEntries(taskStatuses.map((status) => [status, 0])) as Record<TaskStatus, number>;
}

interface Read {
  types: Map<string, string>;
  /** Name with its labels → value. */
  series: Map<string, number>;
}

const nameRule = /^[a-zA-Z_:][a-zA-Z0-9_:]*$/;
const sampleRule =
  /^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\\\|\\"|\\n)*",?)*)\})? (\S+)$/;

/** Reads by the grammar of the text format, and refuses what breaks it. */
function read(text: string): Read {
  const [types, series] = [new Map<string, string>(), new Map<string, number>()];
  let current = '';
  if (!text.endsWith('\n')) throw new Error('the last line has no line feed');
  for (const line of text.slice(0, -1).split('\n')) {
    const [, keyword, name = '', rest = ''] = /^# (HELP|TYPE) (\S+) (.+)$/.exec(line) ?? [];
    if (keyword === 'HELP') {
      if (!nameRule.test(name) || types.has(name)) throw new Error(`bad or repeated: ${line}`);
      current = name;
    } else if (keyword === 'TYPE') {
      if (name !== current || !/^(counter|gauge|summary|histogram|untyped)$/.test(rest))
        throw new Error(`bad type: ${line}`);
      types.set(name, rest);
    } else {
      const [, sample = '', labels = '', value = ''] = sampleRule.exec(line) ?? [];
      const own = types.get(current) === 'summary' ? [`${current}_sum`, `${current}_count`] : [current];
      if (!own.includes(sample)) throw new Error(`no sample of ${current}: ${line}`);
      if (series.has(`${sample}{${labels}}`)) throw new Error(`twice: ${line}`);
      if (value !== 'NaN' && !/^[+-]Inf$/.test(value) && Number.isNaN(Number(value)))
        throw new Error(`no number: ${line}`);
      series.set(`${sample}{${labels}}`, Number(value.replace('Inf', 'Infinity')));
    }
  }
  return { types, series };
}

test('metrics tell tasks, attempts, money, queue, inbox, leadership and the process', () => {
  const { types, series } = read(metricsText(facts));
  expect(Object.fromEntries(series)).toMatchObject({
    'orbit_tasks{plan="001",status="landed"}': 3,
    'orbit_tasks{plan="001",status="ready"}': 0,
    'orbit_attempts_total{adapter="claude",outcome="done"}': 3,
    'orbit_agents_live{adapter="by-hand"}': 1,
    [String.raw`orbit_cost_usd_total{adapter="claude",model="a \"b\"\\"}`]: 0.5,
    'orbit_queue_length{plan="001"}': 2,
    'orbit_train_failure_ratio{plan="001"}': 0.1,
    'orbit_inbox_items{kind="question"}': 1,
    'orbit_inbox_oldest_seconds{}': 90,
    'orbit_events_total{}': 42,
    'orbit_coordinator_leads{}': 1,
    'orbit_tick_seconds_sum{}': 0.25,
    'orbit_tick_seconds_count{}': 2,
    'process_cpu_seconds_total{}': 1.5,
  });
  expect(types.get('orbit_attempts_total')).toBe('counter');
  expect(metricsType).toContain('version=0.0.4');
  expect([...series.keys()].some((name) => name.startsWith('orbit_validation_seconds'))).toBe(false);
});

test('I20 the text parses whatever plans, adapters and models are called', () => {
  const name = fc.string({ unit: 'binary', maxLength: 100 });
  const spent = fc.record({
    adapter: fc.option(name),
    model: fc.option(name),
    tokens: fc.double(),
    costUsd: fc.double(),
  });
  fc.assert(
    fc.property(fc.array(spent, { maxLength: 8 }), fc.array(name, { maxLength: 8 }), (rows, plans) => {
      const text = metricsText({
        ...facts,
        ticks: null,
        project: { ...project, spent: rows, tasks: plans.map((plan) => ({ plan, byStatus: zeros() })) },
      });
      expect(read(text).types.size).toBeGreaterThan(5);
    }),
  );
});

test('I16 more models than anybody looks at are added up', () => {
  const spent = Array.from({ length: 1000 }, (_, index) => ({
    adapter: 'a',
    model: `m${index}`,
    tokens: 1,
    costUsd: 0,
  }));
  const { series } = read(metricsText({ ...facts, project: { ...project, spent } }));
  const tokens = [...series].filter(([name]) => name.startsWith('orbit_tokens_total'));
  expect(tokens).toHaveLength(labelsMax + 1);
  expect(series.get('orbit_tokens_total{adapter="a",model="other"}')).toBe(1000 - labelsMax);
});
