import { expect, test } from 'vitest';
import { healthyRun } from '../../../test/support/healthy-run.ts';
import { recordings } from '../../../test/support/recorded.ts';
import { adapterOf } from '../../compose.ts';
import { thresholds } from '../../core/supervision/thresholds.ts';
import { formatOf, parsed, type Fields } from './format.ts';
import { replay, type Found, type ReplayOrder, type ReplaySummary } from './replay.ts';

interface Replayed {
  summary: ReplaySummary;
  found: Found[];
  warnings: string[];
}

async function replayed(lines: readonly (object | string)[], order: Partial<ReplayOrder> = {}): Promise<Replayed> {
  const [found, warnings]: [Found[], string[]] = [[], []];
  const text = lines.map((line) => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join('');
  async function* bytes(): AsyncGenerator<Uint8Array> {
    const all = Buffer.from(text);
    for (let at = 0; at < all.length; at += 997) yield all.subarray(at, at + 997);
  }
  const summary = await replay(bytes(), {
    name: 'run.jsonl',
    adapter: null,
    readerOf: async (adapter) => (await adapterOf(adapter)).reader(),
    limits: thresholds,
    isChanged: false,
    onFinding: (one) => found.push(one),
    warn: (text_) => warnings.push(text_),
    ...order,
  });
  return { summary, found, warnings };
}

const call = (id: number, more: object = {}): object[] => [
  { type: 'tool-call', at: id * 10_000, id: `c${id}`, tool: 'bash', input: { command: 'npm test' }, ...more },
  { type: 'tool-result', at: id * 10_000 + 500, id: `c${id}`, ok: false, text: 'Error: no test was found' },
];
const loop = [1, 2, 3, 4, 5].flatMap((id) => call(id));

test('P5 a neutral recording: findings with line, time and evidence, then the verdict', async () => {
  const { summary, found } = await replayed(loop);
  expect(found.map(({ rule, level, line, time }) => [rule, level, line, time])).toEqual([
    ['same-error', 'hint', 6, '1970-01-01T00:00:30.500Z'],
    ['same-error', 'act', 10, '1970-01-01T00:00:50.500Z'],
  ]);
  expect(summary).toEqual({
    name: 'run.jsonl',
    format: 'neutral',
    lines: 10,
    events: 10,
    unknown: 0,
    findings: { 'same-error': { hint: 1, act: 1 } },
    verdict: 'act',
  });
});

test('P5 what others leave out is filled in: ids, verdicts, inputs that are objects, times as text', async () => {
  const bare = loop.map((line) => {
    const { id, ok: _ok, at, ...rest } = line as Record<string, unknown>;
    const result = rest['type'] === 'tool-result' ? { exitCode: 1 } : {};
    const number = Number(String(id).slice(1));
    return { ...rest, ...result, ...(number % 2 === 0 ? { id: number } : {}), at: new Date(Number(at)).toISOString() };
  });
  expect((await replayed(bare)).found.map(({ level }) => level)).toEqual(['hint', 'act']);
});

test('P5 the header sets the terms', async () => {
  const header = {
    type: 'run',
    kind: 'implement',
    workspace: '/w',
    scope: ['src/'],
    canHint: false,
    budget: { minutes: 1 },
  };
  const { found } = await replayed([header, ...loop, { type: 'file-change', at: 55_000, path: '/w/README.md' }]);
  expect(found.map(({ rule, level }) => `${level} ${rule}`)).toEqual(['act same-error']);
  const late = await replayed([
    header,
    { type: 'message', at: 0, text: 'a' },
    { type: 'message', at: 90_000, text: 'b' },
  ]);
  expect(late.found.map(({ rule, level }) => `${level} ${rule}`)).toContain('act time');
  await expect(replayed([{ type: 'run', budget: { costUsd: 'much' } }, ...loop])).rejects.toMatchObject({
    code: 'bad-settings',
  });
});

test('P5 thresholds can be others', async () => {
  const limits = {
    ...thresholds,
    sameErrorHint: 10,
    sameErrorAct: 20,
    failedExitsHint: 10,
    failedExitsAct: 20,
    sameResultHint: 10,
    sameResultAct: 20,
    nothingNewHint: 10,
    failingTestsHint: 10,
  };
  const changed = { limits: { ...limits, sameCallHint: 10 }, isChanged: true };
  expect((await replayed(loop, changed)).summary.verdict).toBe('none');
});

test('C6 a silence between two lines is found when it happened', async () => {
  const { found } = await replayed([
    { type: 'message', at: 0, text: 'I begin.' },
    { type: 'message', at: 400_000, text: 'I go on.' },
  ]);
  expect(found.map(({ level, at }) => [level, at])).toEqual([
    ['hint', 60_000],
    ['act', 300_000],
  ]);
});

test('P5 lines that are no part of the format are named, counted and passed over', async () => {
  const { summary, warnings } = await replayed([loop[0] ?? '', 'oops', '[1]', '{"type":"song"}', '', ...loop.slice(1)]);
  expect(summary).toMatchObject({ unknown: 3, verdict: 'act' });
  expect(warnings).toEqual([
    'run.jsonl:2: not a JSON object; skipped (read as neutral)',
    'run.jsonl:3: not a JSON object; skipped (read as neutral)',
    'run.jsonl:4: no event of this format: type "song"; skipped (read as neutral)',
  ]);
});

test('P5 I20 a stream nobody knows is refused with file and line, a huge line is survived', async () => {
  await expect(replayed(['', 'hello', 'world'])).rejects.toMatchObject({
    code: 'unknown-format',
    message: expect.stringContaining('run.jsonl:2'),
  });
  await expect(replayed([])).rejects.toMatchObject({ code: 'unknown-format', message: 'run.jsonl has no lines' });
  const huge = `{"type":"message","text":"${'x'.repeat(3_000_000)}"}`;
  const { summary, warnings } = await replayed([...loop.slice(0, 4), huge, ...loop.slice(4)]);
  expect(summary).toMatchObject({ unknown: 1, verdict: 'act' });
  expect(warnings[0]).toContain('run.jsonl:5: the line is longer than 1 MiB');
});

test('P5 our own full log is replayed from its events, and hints count from when they were given', async () => {
  const run = {
    at: '2026-01-01T00:00:00Z',
    run: { adapter: 'command', hasLooks: true, canHint: true, workspace: '/w', limits: thresholds },
  };
  const events = loop.flatMap((line, index) => {
    const { at: _at, ...event } = line as Record<string, unknown>;
    const at = `2026-01-01T00:00:0${index}Z`;
    const text = typeof event['input'] === 'object' ? { input: JSON.stringify(event['input']) } : {};
    return [
      { at, stream: 'out', raw: JSON.stringify(event) },
      { at, event: { ...event, ...text } },
    ];
  });
  const untold = await replayed([run, ...events]);
  expect(untold.found.map(({ level }) => level)).toEqual(['hint']);
  const told = { at: '2026-01-01T00:00:06Z', look: { type: 'told', rule: 'same-error' } };
  const { found, summary } = await replayed([run, ...events.slice(0, 12), told, ...events.slice(12)]);
  expect(found.map(({ level }) => level)).toEqual(['hint', 'act']);
  expect(summary.format).toBe('verbose (command)');
});

for (const { adapter, name, lines } of recordings()) {
  test(`P5 the raw stream of a real program is known by its lines (${adapter}, ${name})`, async () => {
    const out = lines.filter(({ stream }) => stream === 'out').map(({ raw }) => raw);
    const objects: Fields[] = out.map(parsed).filter((fields) => fields !== null);
    const format = formatOf(objects);
    // What a program says in the common protocol is known as that.
    const known = [null, adapter, ...(['copilot', 'gemini', 'qwen'].includes(adapter) ? ['acp'] : [])];
    expect(known).toContain(format === null || format.kind === 'neutral' ? null : format.adapter);
    if (format === null) return;
    const { summary } = await replayed(out);
    expect(known).toContain(summary.format);
    expect(summary.lines).toBe(out.length);
  });
}

test('P5 a long recording is replayed in bounded memory', async () => {
  const name = { call: 'tool-call', result: 'tool-result' } as Readonly<Record<string, string>>;
  const lines = Array.from({ length: 60 }, (_, seed) => healthyRun(seed).events).flat();
  const { summary } = await replayed(lines.map((event) => ({ ...event, type: name[event.type] ?? event.type })));
  expect(summary.events).toBe(lines.length);
});
