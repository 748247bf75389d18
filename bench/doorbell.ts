/**
 * How soon one process sees what another committed.
 *
 * A second process claims a task and stamps it before it begins; this one watches the store and reads the event. Each waits for
 * the other, so no time passes idle. The limit is the same way with nothing in it: a stamp in a file, and a watch on that file.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { Measure, MeasureOptions, Row } from './measure.ts';
import { environmentOf } from './processes.ts';
import { applyDraft, draftTask } from './project.ts';
import { inRounds } from './rounds.ts';
import { atEnd, makeScratch } from './scratch.ts';
import { percentile } from './statistics.ts';

export const measure: Measure = { name: 'doorbell', run };

async function run({ quick }: MeasureOptions): Promise<Row[]> {
  const [rounds, warmUp] = [quick ? 100 : 500, 20];
  using scratch = makeScratch();
  const path = join(scratch.directory, 'orbit.db');
  const file = join(scratch.directory, 'bare');
  writeFileSync(file, '');
  await using store = await openSqliteStore({ path, busyMs: 10_000 });
  await applyDraft(
    store,
    '001',
    Array.from({ length: rounds + warmUp }, (_, index) => draftTask(`T${index}`)),
  );
  const writer = fork(fileURLToPath(import.meta.resolve('./doorbell-writer.ts')), [path, file], {
    env: environmentOf({}),
    execArgv: [],
  });
  using _writer = atEnd(() => writer.kill('SIGKILL'));
  await once(writer, 'message');

  let seq = await store.lastSeq();
  const ring = heard();
  const look = async (): Promise<void> => {
    const last = (await store.events({ since: seq })).at(-1);
    if (last?.body.type !== 'task-claimed' || last.seq <= seq) return;
    seq = last.seq;
    ring.hear(stampOf(last.body.agent));
  };
  using _watch = store.watch(() => void look());
  const bare = heard();
  const bareWatcher = watch(file, () => {
    const text = readFileSync(file, 'utf8');
    if (text !== '') bare.hear(BigInt(text));
  });
  using _bare = { [Symbol.dispose]: () => bareWatcher.close() };
  const ask = async (what: 'claim' | 'bare', { next }: Heard): Promise<number> => {
    const answer = next();
    writer.send(what);
    return answer;
  };
  const samples = await inRounds(
    { rounds, warmUp },
    {
      store: async () => ask('claim', ring),
      bare: async () => ask('bare', bare),
    },
  );
  writer.disconnect();
  const row = (share: number, name: string): Row => ({
    what: `a commit of another process is read, ${name}`,
    measured: { value: percentile(samples.store, share), unit: 'ms' },
    limit: { value: percentile(samples.bare, share), unit: 'ms', of: 'fs.watch alone' },
  });
  return [{ ...row(0.5, 'p50'), goal: { of: 'measured', most: 1, below: true } }, row(0.99, 'p99')];
}

interface Heard {
  hear: (stamp: bigint) => void;
  /** Milliseconds from the next stamp to its hearing. */
  next: () => Promise<number>;
}

function heard(): Heard {
  let resolve: (ms: number) => void = () => undefined;
  let last = 0n;
  return {
    hear(stamp) {
      // Rings may come twice.
      if (stamp === last) return;
      last = stamp;
      resolve(Number(process.hrtime.bigint() - stamp) / 1e6);
    },
    next: async () => new Promise((done) => (resolve = done)),
  };
}

/** The writer's stamp stands in the agent's name: all processes of a machine share the monotonic clock. */
function stampOf(agent: string): bigint {
  return BigInt(agent.slice(1));
}
