/** What users of other tools complained about, each by name: alarms at healthy agents, and loops that nobody saw. */
import { expect, test } from 'vitest';
import { judgeRun, type Judged } from '../../../test/support/judge-run.ts';
import { Recorder, type RunStep } from '../../../test/support/run-recorder.ts';

const bash = (command: string, text = '', more: Partial<RunStep> = {}): RunStep => ({
  tool: 'Bash',
  input: { command },
  text,
  pauseMs: 3_000,
  ...more,
});
const run = (...steps: readonly RunStep[]): Judged[] => {
  const recorder = new Recorder(7);
  for (const step of steps) recorder.step(step);
  return judgeRun(recorder.events.filter(({ type }) => type !== 'message'));
};
const times = (count: number, make: (index: number) => RunStep | RunStep[]): RunStep[] =>
  Array.from({ length: count }, (_, index) => make(index)).flat();

const healthy: Readonly<Record<string, RunStep[]>> = {
  'a check of what runs elsewhere that fails until that is done, asked for with a sleep in the command': times(9, () =>
    bash('sleep 45 && gh pr checks 311', 'build\tpending\t0\thttps://example.com/runs/18', {
      ok: false,
      exitCode: 8,
      tookMs: 46_000,
    }),
  ),
  'data analysis: the same script over changed code, other questions to one table': times(12, (index) => [
    {
      ...bash('', 'File written'),
      tool: 'write_file',
      input: { file_path: '/repo/plot.py', content: `plot(${index})` },
    },
    bash('python plot.py', 'saved the figure to plot.png'),
    bash(`python -c "print(df.head(${index}))"`, `row ${index} of the table has other values`),
  ]),
  'bulk edits: thirty files, the same exchange, the same answer': times(30, (index) => ({
    ...bash('', 'The file was updated'),
    tool: 'replace',
    input: { file_path: `/repo/src/${index}.ts`, old_string: 'var', new_string: 'let' },
  })),
  'bulk edits of one file': times(20, (index) => ({
    ...bash('', 'The file was updated'),
    tool: 'str_replace_editor',
    input: { command: 'str_replace', path: '/repo/a.ts', old_str: `case ${index}:`, new_str: `case x${index}:` },
  })),
  'edits whose content is not told, with the changed file named': times(20, () => ({
    ...bash('', 'ok'),
    tool: 'edit',
    input: 'src/a.ts',
    changes: 'src/a.ts',
  })),
  'moving many files: commands without output': times(25, (index) => bash(`mv old/${index}.md new/${index}.md`)),
  'waiting on a long command with empty input': times(20, () => ({
    ...bash('', '[still running, no new output]'),
    tool: 'execute_bash',
    input: { command: '', is_input: 'true' },
  })),
  'waiting on a long command by typing nothing': times(20, () => ({
    ...bash('', 'Process running with session ID 7'),
    tool: 'write_stdin',
    input: { session_id: 7, chars: '', yield_time_ms: 1_000 },
  })),
  'polling every five minutes': times(20, () =>
    bash('gh run view 12', 'status: in progress, no result', { pauseMs: 300_000 }),
  ),
  'polling with a declared sleep': times(20, () => bash('sleep 60 && tail -2 log', 'epoch 3 of 90 is running')),
  'reading one file in pieces': times(20, (index) =>
    bash(`sed -n '${index * 100},${index * 100 + 99}p' big.c`, `lines of the part that begins at ${index * 100}`),
  ),
  'looking at one commit after the other': times(8, (index) =>
    bash(`git show abc123${index}`, `commit abc123${index} changes the file number ${index}`),
  ),
  'test, fix, test, while fewer fail': times(8, (index) => [
    {
      ...bash('', 'updated'),
      tool: 'Edit',
      input: { file_path: '/repo/a.ts', old_string: `a${index}`, new_string: `b${index}` },
    },
    bash('npm test', `Tests  ${9 - index} failed | ${index + 1} passed (10)`, { ok: false }),
  ]),
  'a few tests that failed before, in a large suite': times(10, (index) => [
    {
      ...bash('', 'updated'),
      tool: 'Edit',
      input: { file_path: '/repo/a.ts', old_string: `a${index}`, new_string: `b${index}` },
    },
    bash('npm test', 'Tests  2 failed | 198 passed (200)', { ok: false }),
  ]),
  'looking at pictures, which have no text': times(12, (index) => ({
    ...bash('', ''),
    tool: 'Read',
    input: { file_path: `/repo/page-${index}.png` },
  })),
  'searches that find nothing': times(7, (index) => bash(`grep -rn word${index} src`, '', { ok: false, exitCode: 1 })),
};

for (const [what, steps] of Object.entries(healthy)) {
  test(`P5 no false alarm: ${what}`, () => expect(run(...steps)).toEqual([]));
}

test('P5 no false alarm: fetching the result when told to is not the last straw', () => {
  const fetch = { ...bash('', 'the job is running, ask later'), tool: 'job_result', input: { id: 7 } };
  const done = { ...fetch, text: 'the job is done, here is the table' };
  expect(
    run(...times(3, () => fetch), done, bash('cat table', 'a table with many rows in it')).map(({ level }) => level),
  ).toEqual(['hint']);
});

const missed: Readonly<Record<string, { steps: RunStep[]; by: number }>> = {
  'the same call, with other words of the model beside it': {
    by: 6,
    steps: times(6, (index) => ({
      ...bash('', 'nothing to see here, move on'),
      input: { command: 'ls', description: `Try ${'abcdef'[index]}`, thought: `so ${index}` },
    })),
  },
  'the same call, with a comment of the model in it': {
    by: 6,
    steps: times(6, (index) => bash(`# ${'abcdef'[index]}: let me look\nls`, 'nothing to see here, move on')),
  },
  'A, B, A, B': {
    by: 11,
    steps: times(6, () => [bash('cat a', 'this is the file named a'), bash('cat b', 'this is the file named b')]),
  },
  'one varying call in between': {
    by: 11,
    steps: times(6, (index) => [
      bash('make', 'make: nothing to be done for all'),
      bash(`cat ${'abcdef'[index]}.md`, `the text of chapter ${'abcdef'[index]} of the manual`),
    ]),
  },
  'the same call, and the output varies (62 times)': {
    by: 11,
    steps: times(62, (index) => bash('date +%N', `${'abcdefghij'[index % 10]}${index} is what the clock says now`)),
  },
  'volatile fields: ids and times in arguments and output': {
    by: 6,
    steps: times(6, (index) => ({
      ...bash('', `request 7f3a9c0${index}e1 took ${index}.3 s at 12:00:0${index}: not found`),
      tool: 'http_get',
      input: { url: 'http://localhost/x', request_id: `9c1e${index}`, timestamp: 1_700_000_000 + index },
    })),
  },
  'a random wrapper around the output': {
    by: 6,
    steps: times(6, (index) =>
      bash('curl -s api', `<<<content id=e4b0c${index}d9f2a1>>> the same old answer <<<end>>>`),
    ),
  },
  'arguments that vary without meaning, the same failure 40 times': {
    by: 6,
    steps: times(40, (index) =>
      bash(`psql -h db -p ${5_000 + index}`, `could not connect to server: refused (${index} ms)`, { ok: false }),
    ),
  },
  'any call counts as progress: a busy loop of many calls': {
    by: 24,
    steps: times(70, (index) =>
      bash(`cat part-${'abcdefg'[index % 7]}`, `the part ${'abcdefg'[index % 7]}, which says nothing`),
    ),
  },
  'keys in another order': {
    by: 6,
    steps: times(6, (index) => ({
      ...bash('', 'no match was found at all'),
      tool: 'search',
      input: index % 2 === 0 ? { a: 1, b: 2 } : { b: 2, a: 1 },
    })),
  },
  'a path once absolute and once relative': {
    by: 6,
    steps: times(6, (index) => ({
      ...bash('', 'the content of this file'),
      tool: 'read_file',
      input: { path: index % 2 === 0 ? '/repo/a.ts' : 'a.ts' },
    })),
  },
};

for (const [what, { steps, by }] of Object.entries(missed)) {
  test(`P5 not missed: ${what}`, () => {
    const found = run(...steps);
    expect(found.map(({ level }) => level)).toEqual(['hint', 'act']);
    // Two events a step: the call and its result.
    expect(Math.floor((found[1]?.index ?? 0) / 2) + 1).toBeLessThanOrEqual(by);
  });
}

test('P5 not missed: hundreds of calls of which none gets a result', () => {
  const recorder = new Recorder(3);
  for (let index = 0; index < 613; index += 1) {
    recorder.at += 6_000;
    recorder.events.push({ type: 'call', at: recorder.at, id: `c${index}`, tool: 'check', input: '{}' });
  }
  const found = judgeRun(recorder.events);
  expect(found.map(({ level }) => level)).toEqual(['hint', 'act']);
  expect(found[1]?.index).toBeLessThanOrEqual(11);
});

test('P5 apologies in other words are one message, lines that count something up are not', () => {
  const judged = (texts: readonly string[]): string[] =>
    judgeRun(texts.map((text, index) => ({ type: 'message', at: 5_000 * (index + 1), text }))).map(
      ({ level }) => level,
    );
  const apologies = ['confusion', 'oversight', 'mistake', 'delay', 'mix-up'].map(
    (what) => `I apologize for the ${what}. You are right, I should edit the file now.`,
  );
  expect(judged(apologies)).toEqual(['hint', 'act']);
  const lines = [1, 2, 3, 4, 5, 6].map(
    (part) => `The download of the large model file from the mirror: part ${part} of 9`,
  );
  expect(judged(lines)).toEqual([]);
  expect(judged(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `I now look at module ${name}`))).toEqual([]);
});

test('C6 a build that prints nothing is waited for longer than other commands where nobody sees its processes', () => {
  const silent = (command: string): string[] => {
    const call = { type: 'call', at: 1_000, id: 'c1', tool: 'Bash', input: JSON.stringify({ command }) } as const;
    const ticks = Array.from({ length: 1_300 }, (_, index) => ({ type: 'tick', at: 2_000 + index * 1_000 }) as const);
    return judgeRun([call, ...ticks]).map(({ level }) => level);
  };
  expect(silent('cmake --build build > build.log 2>&1')).toEqual([]);
  expect(silent('cargo test --workspace')).toEqual([]);
  expect(silent('curl http://192.0.2.7/')).toEqual(['hint', 'act']);
});
