import { expect, test } from 'vitest';
import { faults, faultyRun, type Fault } from '../../../test/support/faulty-run.ts';
import { healthyRun } from '../../../test/support/healthy-run.ts';
import { judgeRun, plainOrder, type Judged } from '../../../test/support/judge-run.ts';
import { Recorder, type RunStep } from '../../../test/support/run-recorder.ts';
import type { SupervisionEvent } from './event.ts';
import type { SupervisionOrder } from './order.ts';
import { Supervision } from './supervision.ts';

const bash = (command: string, text = '', more: Partial<RunStep> = {}): RunStep => ({
  tool: 'Bash',
  input: { command },
  text,
  pauseMs: 3_000,
  ...more,
});
const times = (count: number, make: (index: number) => RunStep | RunStep[]): RunStep[] =>
  Array.from({ length: count }, (_, index) => make(index)).flat();
const eventsOf = (steps: readonly RunStep[]): SupervisionEvent[] => {
  const run = new Recorder(1);
  for (const step of steps) run.step(step);
  return run.events.filter(({ type }) => type !== 'message');
};
const judge = (steps: readonly RunStep[], order: Partial<SupervisionOrder> = {}): Judged[] =>
  judgeRun(eventsOf(steps), order);
const told = (found: readonly Judged[]): string[] => found.map(({ rule, level, count }) => `${level} ${rule} ${count}`);

test('C4 the same call with the same result: a hint at the third, the end at the fifth, with the call as evidence', () => {
  const found = judge(times(5, () => bash('npm run lint', 'nothing to do, all 12 are fine')));
  expect(told(found)).toEqual(['hint same-result 3', 'act same-result 5']);
  expect(found[0]?.text).toContain('3 times: Bash npm run lint');
  expect(found[1]?.evidence.join('\n')).toMatch(
    /5 times: .*\n.*all 12 are fine\n.*first call 1, last call 5\nfrom .* to /,
  );
});

test('C4 the same call whatever comes back: a hint at the fifth, the end at the tenth', () => {
  const found = judge(
    times(10, (index) => bash('fortune', `${'abcdefghij'[index]} is the letter that you draw today`)),
  );
  expect(told(found)).toEqual(['hint same-call 5', 'act same-call 10']);
});

test('C4 a compliant agent is never punished: the count begins anew with the first other call', () => {
  const loop = times(3, () => bash('npm run lint', 'nothing to do, all 12 are fine'));
  const other = bash('cat a.ts', 'export const a = 1; // something new');
  const found = judge([...loop, other, ...times(2, () => bash('npm run lint', 'nothing to do, all 12 are fine'))]);
  expect(told(found)).toEqual(['hint same-result 3']);
});

test('C4 what began before the hint reached the agent is not held against it', () => {
  const events = eventsOf(times(6, () => bash('npm run lint', 'nothing to do, all 12 are fine')));
  const rules = new Supervision(plainOrder);
  const found = events.map((event) => rules.take(event)).filter((finding) => finding !== null);
  expect(found.map(({ level }) => level)).toEqual(['hint']);
  rules.take({ type: 'told', at: 99_000, rule: 'same-result' });
  const later = eventsOf(times(2, () => bash('npm run lint', 'nothing to do, all 12 are fine')));
  expect(later.map((event) => rules.take({ ...event, at: event.at + 99_000 })?.level).filter(Boolean)).toEqual(['act']);
});

test('B4 C4 what is done while a report is judged says nothing once it is given back, but what is used up', () => {
  const rules = new Supervision({ ...plainOrder, budget: { costUsd: 1, turns: null, timeMs: null } });
  const loop = (from: number): string[] =>
    eventsOf(times(6, () => bash('orbit show T1', 'T1 is running, its evidence is checked'))).flatMap((event) => {
      const finding = rules.take({ ...event, at: event.at + from });
      return finding === null ? [] : [`${finding.level} ${finding.rule}`];
    });
  rules.take({ type: 'judging', at: 1, isOn: true });
  expect(loop(0)).toEqual([]);
  // A person's words in between are no answer to the report.
  rules.take({ type: 'told', at: 60_000, rule: null });
  expect(loop(100_000)).toEqual([]);
  rules.take({ type: 'told', at: 200_000, rule: null });
  rules.take({ type: 'judging', at: 200_000, isOn: false });
  expect(loop(200_000)).toEqual(['hint same-result']);
  rules.take({ type: 'judging', at: 300_000, isOn: true });
  const usage = { type: 'usage', at: 300_001, contextUsed: null, contextSize: null, costUsd: 2 } as const;
  expect(rules.take(usage)).toMatchObject({ rule: 'cost', level: 'act' });
});

test('C7 three errors are hinted at, five end it; where no hint can reach the agent, three do', () => {
  const steps = times(5, (index) => bash(`deploy --try=${index}`, `Error: port 300${index} is taken`, { ok: false }));
  expect(told(judge(steps))).toEqual(['hint same-error 3', 'act same-error 5']);
  expect(judge(steps)[1]?.text).toBe('5 errors in a row: Error: port 3004 is taken');
  expect(told(judge(steps, { canHint: false }))).toEqual(['act same-error 3']);
});

test('C7 C4 one hint is enough for what two rules saw: the look at the workspace brings no second', () => {
  const rules = new Supervision({ ...plainOrder, hasLooks: true });
  const failing = times(3, () => bash('npm run deploy', 'Error: the port is taken by another', { ok: false }));
  const found = eventsOf(failing).map((event) => rules.take(event)?.rule);
  expect(found.filter(Boolean)).toEqual(['same-error']);
  rules.take({ type: 'told', at: 60_000, rule: 'same-error' });
  expect(rules.take({ type: 'workspace', at: 60_001, fingerprint: 'a' })).toBe(null);
});

test('C7 a success between errors begins a new streak', () => {
  const error = bash('deploy', 'Error: the port is taken', { ok: false });
  const fine = bash('ls', 'README.md package.json src');
  expect(judge([error, error, fine, error, error])).toEqual([]);
});

test('C5 forty calls that only read end it, twenty-five are hinted at; not where the task is to read', () => {
  const steps = times(40, (index) => ({
    ...bash(''),
    tool: 'Read',
    input: { file_path: `/repo/${index}.ts` },
    text: `file ${index} has something new`,
  }));
  expect(told(judge(steps))).toEqual(['hint reads-only 25', 'act reads-only 40']);
  for (const kind of ['verify', 'plan', 'bootstrap']) expect(judge(steps, { kind })).toEqual([]);
});

test('C6 a silence is hinted at and ends it only where the processes were seen idle', () => {
  const start: SupervisionEvent[] = [{ type: 'activity', at: 1_000 }];
  const clock = (busy: boolean | null): SupervisionEvent[] =>
    Array.from({ length: 400 }, (_, index) => [
      { type: 'tree' as const, at: (index + 2) * 1_000, busy },
      { type: 'tick' as const, at: (index + 2) * 1_000 },
    ]).flat();
  expect(told(judgeRun([...start, ...clock(false)], { hasLooks: true }))).toEqual([
    'hint silence 60',
    'act silence 300',
  ]);
  for (const busy of [true, null]) expect(judgeRun([...start, ...clock(busy)], { hasLooks: true })).toEqual([]);
});

test('C6 a tool within its own time, a declared retry and a wait for words are no silence', () => {
  const ticks = (from: number, to: number): SupervisionEvent[] =>
    Array.from({ length: (to - from) / 1_000 }, (_, index) => ({ type: 'tick', at: from + index * 1_000 }));
  const call = (command: object): SupervisionEvent => ({
    type: 'call',
    at: 1_000,
    id: 'a',
    tool: 'Bash',
    input: JSON.stringify(command),
  });
  for (const command of [
    { command: 'make', timeout: 600_000 },
    { command: 'sleep 590' },
    { command: 'timeout 10m make' },
    { command: 'make' },
  ])
    expect(judgeRun([call(command), ...ticks(2_000, 600_000)])).toEqual([]);
  const late = judgeRun([call({ command: 'make', timeout: 600_000 }), ...ticks(2_000, 1_000_000)]);
  expect(told(late)).toEqual(['hint silence 60', 'act silence 300']);
  const retry = { type: 'error', class: 'network', text: '529', critical: false, retrying: true } as const;
  expect(judgeRun([{ ...retry, at: 1_000, retryAfterMs: 500_000 }, ...ticks(2_000, 500_000)])).toEqual([]);
  expect(judgeRun([{ type: 'turn-end', at: 1_000 }, ...ticks(2_000, 900_000)])).toEqual([]);
});

test('P7 a budget is told of twice and then ends it: cost, turns, time', () => {
  const usage = (costUsd: number): SupervisionEvent => ({
    type: 'usage',
    at: 1_000,
    contextUsed: null,
    contextSize: null,
    costUsd,
  });
  const cost = judgeRun([1, 5.9, 6, 7, 8.5, 9, 10].map(usage), { budget: { costUsd: 10, turns: null, timeMs: null } });
  expect(told(cost)).toEqual(['hint cost 0.6', 'hint cost 0.85', 'act cost 1']);
  const steps = times(10, (index) => bash(`cat ${index}.md`, `text ${index} that was not read before`));
  const turns = judge(steps, { budget: { costUsd: null, turns: 10, timeMs: null } });
  expect(told(turns)).toEqual(['hint turns 0.6', 'hint turns 0.9', 'act turns 1']);
  const ticks = Array.from({ length: 11 }, (_, index): SupervisionEvent => ({ type: 'tick', at: index * 10_000 }));
  const time = judgeRun(ticks, {
    budget: { costUsd: null, turns: null, timeMs: 100_000 },
    limits: { ...plainOrder.limits, stallHintS: 900, stallActS: 900 },
  });
  expect(told(time)).toEqual(['hint time 0.6', 'hint time 0.9', 'act time 1']);
  const nearly = judgeRun(
    [99_960, 100_000].map((at): SupervisionEvent => ({ type: 'tick', at })),
    {
      budget: { costUsd: null, turns: null, timeMs: 100_000 },
      limits: { ...plainOrder.limits, stallHintS: 900, stallActS: 900 },
    },
  );
  expect(nearly.filter(({ level }) => level === 'act').map(({ at, text }) => [at, text])).toEqual([
    [100_000, 'the time of 100 s for this attempt is used up'],
  ]);
});

test('B5 a context that fills up is told of at 70 % and handed over at 85 %', () => {
  const used = [10, 69, 70, 80, 85].map((share): SupervisionEvent => ({
    type: 'usage',
    at: 0,
    contextUsed: share,
    contextSize: 100,
    costUsd: 0,
  }));
  expect(told(judgeRun(used))).toEqual(['hint context 0.7', 'act context 0.85']);
});

test('P6 a used-up quota ends it at once, a short retry does not; a login does', () => {
  const error = (more: object): SupervisionEvent => ({
    type: 'error',
    at: 0,
    class: 'quota',
    text: 'limit',
    retryAfterMs: null,
    critical: false,
    retrying: false,
    ...more,
  });
  expect(told(judgeRun([error({})]))).toEqual(['act quota 1']);
  expect(judgeRun([error({ retryAfterMs: 3_600_000 })])[0]?.text).toContain('60 min');
  expect(judgeRun([error({ retrying: true, retryAfterMs: 20_000 })])).toEqual([]);
  expect(told(judgeRun([error({ class: 'login', critical: true })]))).toEqual(['act critical-error 1']);
});

test('D5 a write outside the scope is told of, and more of them end it', () => {
  const change = (path: string): SupervisionEvent => ({ type: 'file-change', at: 0, path });
  const scope = ['src/door/'];
  const files = [
    'src/door/a.ts',
    '/repo/src/door/b.ts',
    '/tmp/x',
    'src/wall.ts',
    'src/wall.ts',
    'README.md',
    'LICENSE',
  ];
  expect(told(judgeRun(files.map(change), { scope }))).toEqual(['hint outside-scope 1', 'act outside-scope 3']);
  expect(judgeRun(files.map(change))).toEqual([]);
});

test('P5 tests that are weakened are shown, and never end an attempt', () => {
  const skip = { file_path: '/repo/door.test.ts', old_string: "test('opens'", new_string: "test.skip('opens'" };
  const steps = [
    { ...bash('', 'updated'), tool: 'Edit', input: skip },
    ...times(4, (index) => bash(`rm tests/door_${index}.py`)),
  ];
  expect(told(judge(steps))).toEqual(['hint tests-touched 1']);
  expect(judge(steps, { scope: ['tests/', '**/*.test.ts'] }).filter(({ rule }) => rule === 'tests-touched')).toEqual(
    [],
  );
});

test('P5 a look at the workspace has the last word on repetition', () => {
  const steps = times(6, () => bash('npm run generate', 'generated one more file for you'));
  const play = (fingerprints: readonly (string | null)[]): (string | undefined)[] => {
    const rules = new Supervision({ ...plainOrder, hasLooks: true });
    let looks = 0;
    const found: (string | undefined)[] = [];
    for (const event of eventsOf(steps)) {
      found.push(rules.take(event)?.level);
      while (rules.wantsLook())
        found.push(
          rules.take({
            type: 'workspace',
            at: event.at,
            fingerprint: fingerprints[looks++ % fingerprints.length] ?? null,
          })?.level,
        );
    }
    return found.filter(Boolean);
  };
  expect(play(['same'])).toEqual(['hint']);
  expect(play([null])).toEqual(['hint']);
  expect(play(['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'])).toEqual([]);
});

test('P5 hints of one family are two at most, then the full count ends it', () => {
  const loop = (name: string, count: number): RunStep[] => [
    ...times(count, () => bash(`lint ${name}`, 'nothing to do, all 12 are fine')),
    bash(`cat ${name}`, `this is ${name}, which was never read`),
  ];
  const found = judge([...loop('a', 3), ...loop('b', 3), ...loop('c', 4), ...loop('d', 5)]);
  expect(told(found)).toEqual(['hint same-result 3', 'hint same-result 3', 'act same-result 5']);
});

/** Calls after the fault began by which it must be seen: the threshold and one more. */
const latest: Readonly<Record<Fault, { hint: number; act: number }>> = {
  'same call, same result': { hint: 4, act: 6 },
  'same call, any result': { hint: 6, act: 11 },
  'two calls in turn': { hint: 7, act: 11 },
  'five calls in turn': { hint: 16, act: 26 },
  'one varying call in between': { hint: 7, act: 11 },
  'same error, other arguments': { hint: 4, act: 6 },
  'failed calls': { hint: 5, act: 9 },
  'only reading': { hint: 26, act: 41 },
  'nothing new': { hint: 7 + 9, act: 7 + 16 },
  'a file swings': { hint: 5, act: 6 },
  'tests do not shrink': { hint: 10, act: 18 },
  'same message': { hint: 4, act: 6 },
  silence: { hint: 152, act: 302 },
};

for (const fault of Object.keys(faults) as Fault[]) {
  test(`P5 every injected fault is seen within the threshold and one: ${fault}`, () => {
    for (let seed = 1; seed <= 40; seed += 1) {
      const { events, faultAt } = faultyRun(seed, fault, 45);
      const found = judgeRun(events).filter(({ index }) => index >= (faultAt ?? 0));
      const counts = (index: number): number =>
        events
          .slice(faultAt ?? 0, index + 1)
          .filter(({ type }) => type === 'call' || type === 'tick' || (fault === 'same message' && type === 'message'))
          .length;
      for (const level of ['hint', 'act'] as const) {
        const first = found.find((one) => one.level === level);
        expect(first, `seed ${seed}: no ${level}`).toBeDefined();
        expect(counts(first?.index ?? 0), `seed ${seed}: ${level} by ${first?.rule}`).toBeLessThanOrEqual(
          latest[fault][level],
        );
      }
    }
  });
}

test('P5 of healthy runs at most 8 % get a hint and at most 2 % are ended', () => {
  const runs = Array.from({ length: 300 }, (_, seed) => judgeRun(healthyRun(seed + 10_000).events));
  expect(runs.filter((found) => found.length > 0).length).toBeLessThanOrEqual(24);
  expect(runs.filter((found) => found.some(({ level }) => level === 'act')).length).toBeLessThanOrEqual(6);
});
