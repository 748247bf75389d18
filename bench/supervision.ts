/**
 * Supervision: how fast recorded events are judged, how often healthy runs are taken for sick, and whether faults are seen.
 *
 * Runs are made up (test/support/healthy-run.ts): healthy ones hold builds, polling, bulk edits, data analysis, test-and-fix
 * cycles. They say what the thresholds do, not how real agents fare: for that, replay real recordings (docs/supervision.md).
 */
import { faults, faultyRun, type Fault } from '../test/support/faulty-run.ts';
import { healthyRun } from '../test/support/healthy-run.ts';
import { judgeRun } from '../test/support/judge-run.ts';
import { eventLineReader } from '../src/agent/json-lines.ts';
import { replay } from '../src/actions/replay/replay.ts';
import { thresholds } from '../src/core/supervision/thresholds.ts';
import type { Measure, MeasureOptions, Row } from './measure.ts';

export const measure: Measure = { name: 'supervision', run };

async function run({ quick, note }: MeasureOptions): Promise<Row[]> {
  const events = quick ? 100_000 : 1_000_000;
  note(`supervision: writing ${events} events`);
  const bytes = recordingOf(events);
  const start = performance.now();
  const seen = await replayOf(bytes);
  const ms = performance.now() - start;
  const cpu = parseOnlyMs(bytes);
  const runs = quick ? 300 : 2_000;
  note(`supervision: judging ${runs} healthy runs`);
  const healthy = Array.from({ length: runs }, (_, seed) => judgeRun(healthyRun(seed).events));
  const share = (count: number): number => (count / runs) * 100;
  const hinted = share(healthy.filter((found) => found.length > 0).length);
  const ended = share(healthy.filter((found) => found.some(({ level }) => level === 'act')).length);
  return [
    {
      what: `replay of ${seen} events, reading included`,
      measured: { value: ms, unit: 'ms' },
      limit: { value: cpu, unit: 'ms', of: 'JSON.parse of each line' },
      goal: { of: 'measured', most: events / 100 },
    },
    {
      what: `  ${runs} healthy made-up runs: with a hint`,
      measured: { value: hinted, unit: '%' },
      goal: { of: 'measured', most: 8 },
    },
    { what: '  … ended', measured: { value: ended, unit: '%' }, goal: { of: 'measured', most: 2 } },
    {
      what: '  faults put in and not seen',
      measured: { value: missed(quick ? 10 : 100), unit: '%' },
      goal: { of: 'measured', most: 0 },
    },
  ];
}

const names: Readonly<Record<string, string>> = { call: 'tool-call', result: 'tool-result' };

/** Runs one after the other in the neutral format, in pieces as from a disk. */
function recordingOf(count: number): Buffer[] {
  const pieces: Buffer[] = [];
  let lines: string[] = [];
  let [written, from] = [0, 0];
  for (let seed = 0; written < count; seed += 1) {
    const { events } = healthyRun(seed);
    for (const event of events.slice(0, count - written)) {
      const id = 'id' in event ? { id: `${seed}-${event.id}` } : {};
      lines.push(JSON.stringify({ ...event, ...id, type: names[event.type] ?? event.type, at: from + event.at }));
      written += 1;
    }
    from += events.at(-1)?.at ?? 0;
    pieces.push(Buffer.from(`${lines.join('\n')}\n`));
    lines = [];
  }
  return pieces;
}

async function replayOf(pieces: readonly Buffer[]): Promise<number> {
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield* pieces;
  }
  const summary = await replay(bytes(), {
    name: 'made up',
    adapter: null,
    readerOf: async () => eventLineReader(),
    limits: thresholds,
    isChanged: false,
    onFinding: () => undefined,
    warn: () => undefined,
  });
  return summary.events;
}

function parseOnlyMs(pieces: readonly Buffer[]): number {
  const start = performance.now();
  for (const piece of pieces) for (const line of piece.toString('utf8').split('\n')) if (line !== '') JSON.parse(line);
  return performance.now() - start;
}

function missed(seeds: number): number {
  let [all, unseen] = [0, 0];
  for (const fault of Object.keys(faults) as Fault[]) {
    for (let seed = 0; seed < seeds; seed += 1) {
      const { events, faultAt } = faultyRun(seed, fault, 45);
      const found = judgeRun(events).filter(({ index }) => index >= (faultAt ?? 0));
      all += 1;
      if (!found.some(({ level }) => level === 'act')) unseen += 1;
    }
  }
  return (unseen / all) * 100;
}
