import { expect, test } from 'vitest';
import { readScript, stepsFor, type Script } from './script.ts';

function faultOf(script: unknown): string {
  const read = readScript(typeof script === 'string' ? script : JSON.stringify(script));
  return 'fault' in read ? read.fault : 'none';
}

function scriptOf(script: unknown): Script {
  const read = readScript(JSON.stringify(script));
  if ('fault' in read) throw new Error(read.fault);
  return read;
}

const steps = (...list: unknown[]): unknown => ({ default: [list] });

test('P13 every step is read, and what is left out has its default', () => {
  const all = [
    { do: 'write', path: 'a', text: 'b' },
    { do: 'commit' },
    { do: 'run', command: ['ls'] },
    { do: 'loop', times: 2, steps: [{ do: 'hang' }] },
    { do: 'flood', bytes: 5 },
    { do: 'report', report: 'blocked' },
  ];
  expect(scriptOf(steps(...all)).default).toEqual([
    [
      { do: 'write', path: 'a', text: 'b' },
      { do: 'commit', message: '{task}: {title}', allowEmpty: false },
      { do: 'run', command: ['ls'] },
      { do: 'loop', times: 2, steps: [{ do: 'hang', ignoreTerm: false }] },
      { do: 'flood', bytes: 5, lines: 0, newline: true, stream: 'out' },
      { do: 'report', report: 'blocked', text: '', noChanges: null },
    ],
  ]);
});

test('P13 each attempt has its steps, the last ones serve all later attempts', () => {
  const one = { do: 'say', text: '1' };
  const two = { do: 'say', text: '2' };
  const other = { do: 'say', text: 'other' };
  const script = scriptOf({ tasks: { T001: [[one], [two]], T002: [] }, default: [[other]] });
  expect([1, 2, 3].map((attempt) => stepsFor(script, 'T001', attempt))).toEqual([[one], [two], [two]]);
  expect(stepsFor(script, 'T002', 1)).toEqual([]);
  expect(stepsFor(script, 'T003', 9)).toEqual([other]);
  expect(stepsFor(script, 'constructor', 1)).toEqual([other]);
  expect(stepsFor(scriptOf({}), 'T001', 1)).toEqual([]);
});

const wrong: [script: unknown, fault: RegExp][] = [
  [[], /^\/: must be an object$/],
  [{ defaults: [] }, /^\/defaults: is unknown here; known: tasks, default$/],
  [{ default: [{}] }, /^\/default\/0: must be a list of steps$/],
  [{ tasks: { T001: {} } }, /^\/tasks\/T001: must be a list of attempts/],
  [steps(7), /^\/default\/0\/0: must be an object$/],
  [steps({ do: 'fly' }), /^\/default\/0\/0\/do: must be one of write, append, /],
  [steps({ do: 'constructor' }), /do: must be one of/],
  [steps({ do: 'write', path: 'a' }), /^\/default\/0\/0\/text: is missing$/],
  [
    steps({ do: 'write', path: 'a', text: 'b', mode: 7 }),
    /^\/default\/0\/0\/mode: is unknown here; known: do, path, text$/,
  ],
  [steps({ do: 'run', command: 'ls -l' }), /^\/default\/0\/0\/command: must be a list of texts, the program first$/],
  [steps({ do: 'sleep', ms: -1 }), /ms: must be a whole number from 0$/],
  [steps({ do: 'usage', tokens: 1, costUsd: 'free' }), /costUsd: must be a number from 0$/],
  [steps({ do: 'hang', ignoreTerm: 'yes' }), /ignoreTerm: must be true or false$/],
  [steps({ do: 'todo', items: [{ text: 'a' }] }), /items: must be a list of \{"text", "done"\}$/],
  [steps({ do: 'loop', times: 1, steps: [{ do: 'sleep' }] }), /^\/default\/0\/0\/steps\/0\/ms: is missing$/],
  ['{"default":\n [}', /^it is not JSON: .*\(line 2 column 3\)$/s],
  ['', /^it is not JSON: .*\(line 1 column 1\)$/],
  [`{"default": [[${' '.repeat(200)}\n\n  tru ]]}`, /\(line 3 column 6\)$/s],
  ['{"default": [] "tasks": {}}', /\(line 1 column 16\)$/],
];

for (const [script, fault] of wrong) {
  test(`P13 a wrong script is told with its place: ${JSON.stringify(script).replaceAll(/ {9,}/g, ' ')}`, () => {
    expect(faultOf(script)).toMatch(fault);
  });
}
