/**
 * Made-up runs of agents, as events with times: healthy ones, of all the kinds that naive detectors take for loops, and
 * faults to put into them. A seed is a whole run.
 */
import type { SupervisionEvent } from '../../src/core/supervision/event.ts';
import { Random } from '../simulation/random.ts';

export interface RunStep {
  tool: string;
  input: unknown;
  text: string;
  ok?: boolean;
  exitCode?: number;
  tookMs?: number;
  /** Time that the model takes before it. */
  pauseMs?: number;
  changes?: string;
}

export interface AgentRun {
  events: SupervisionEvent[];
  /** Index of the first event of what was put in; `null` in a healthy run. */
  faultAt: number | null;
}

const words = 'parser writer token queue lease claim graph layer route model index cache score plan batch ring'.split(
  ' ',
);

/** Writes steps down as events. */
export class Recorder {
  readonly events: SupervisionEvent[] = [];
  readonly random: Random;
  at = 1_000;
  #calls = 0;

  constructor(seed: number) {
    this.random = new Random(seed);
  }

  step = ({ tool, input, text, ok = true, exitCode, tookMs, pauseMs, changes }: RunStep): void => {
    const { random } = this;
    this.at += pauseMs ?? random.int(1_500, random.chance(0.04) ? 55_000 : 12_000);
    if (random.chance(0.3)) this.events.push({ type: 'message', at: this.at, text: this.sentence() });
    const id = `c${(this.#calls += 1)}`;
    this.events.push({
      type: 'call',
      at: this.at,
      id,
      tool,
      input: typeof input === 'string' ? input : JSON.stringify(input),
    });
    this.at += tookMs ?? random.int(50, 3_000);
    this.events.push({ type: 'result', at: this.at, id, ok, text, ...(exitCode === undefined ? {} : { exitCode }) });
    if (changes !== undefined) this.events.push({ type: 'file-change', at: this.at, path: changes });
  };

  sentence(): string {
    return `I look at the ${this.random.pick(words)} of the ${this.random.pick(words)} because ${this.lines(1)}`;
  }

  /** Text that is never the same twice. */
  lines(count: number): string {
    return Array.from(
      { length: count },
      () => `${this.random.pick(words)} ${this.random.int(0, 99_999)} ${this.random.pick(words)}`,
    ).join('\n');
  }

  file(): string {
    return `src/${this.random.pick(words)}/${this.random.pick(words)}-${this.random.int(0, 99)}.ts`;
  }
}

type Part = (run: Recorder) => void;

const bash = (command: string): { tool: string; input: unknown } => ({
  tool: 'Bash',
  input: { command, description: 'a step' },
});

const explore: Part = (run) => {
  for (let count = run.random.int(3, 12); count > 0; count -= 1) {
    const way = run.random.int(0, 3);
    if (way === 0)
      run.step({
        ...bash(`grep -rn "${run.random.pick(words)}" src | head -20`),
        text: run.random.chance(0.15) ? '' : run.lines(8),
        exitCode: 0,
      });
    else if (way === 1)
      run.step({
        ...bash(`sed -n '${run.random.int(1, 400)},${run.random.int(401, 900)}p' ${run.file()}`),
        text: run.lines(40),
      });
    else run.step({ tool: 'Read', input: { file_path: `/repo/${run.file()}` }, text: run.lines(60) });
  }
};

const edit = (run: Recorder, file: string): void => {
  const before = run.lines(3);
  run.step({
    tool: 'Edit',
    input: { file_path: `/repo/${file}`, old_string: before, new_string: run.lines(4) },
    text: `The file ${file} has been updated.`,
    changes: file,
  });
};

const fixTests: Part = (run) => {
  const [file, suite] = [run.file(), run.random.pick(words)];
  let failing = run.random.int(1, 6);
  const passed = run.random.int(5, 30);
  const total = failing + passed;
  while (failing > 0) {
    edit(run, file);
    if (run.random.chance(0.3)) run.step({ tool: 'Read', input: { file_path: `/repo/${file}` }, text: run.lines(60) });
    if (run.random.chance(0.65)) failing -= run.random.int(1, failing);
    const names = Array.from(
      { length: failing },
      (_, index) => `FAILED tests/${suite}.py::test_${index} - ${run.lines(1)}`,
    );
    const tail =
      failing === 0
        ? `${total} passed in ${run.random.int(1, 90)}.2s`
        : `${failing} failed, ${total - failing} passed in ${run.random.int(1, 90)}.2s`;
    run.step({
      ...bash(`python -m pytest tests/${suite}.py -q`),
      text: [...names, tail].join('\n'),
      ok: failing === 0,
      exitCode: failing === 0 ? 0 : 1,
      tookMs: run.random.int(1_000, 90_000),
    });
  }
};

const build: Part = (run) => {
  run.step({
    tool: 'Bash',
    input: { command: 'make -j2 all', timeout: 600_000 },
    text: run.lines(30),
    tookMs: run.random.int(20_000, 500_000),
  });
};

const poll: Part = (run) => {
  const id = `bash_${run.random.int(1, 99)}`;
  const isSleeping = run.random.chance(0.5);
  for (let count = run.random.int(4, 25); count > 0; count -= 1) {
    if (isSleeping)
      run.step({ ...bash('sleep 30; tail -5 build.log'), text: 'still compiling the second stage', tookMs: 30_000 });
    else
      run.step({
        tool: 'BashOutput',
        input: { bash_id: id },
        text: 'status: running\nno new output',
        pauseMs: run.random.int(60_000, 300_000),
      });
  }
  run.step({ ...bash('tail -50 build.log'), text: run.lines(50) });
};

const waitOnInput: Part = (run) => {
  run.step({ ...bash('npm run e2e'), text: 'The command is still running', tookMs: 10_000 });
  for (let count = run.random.int(3, 12); count > 0; count -= 1) {
    run.step({
      tool: 'execute_bash',
      input: { command: '', is_input: 'true' },
      text: 'The command is still running',
      tookMs: 10_000,
    });
  }
};

const bulk: Part = (run) => {
  const [from, to] = [run.random.pick(words), run.random.pick(words)];
  for (let count = run.random.int(8, 40); count > 0; count -= 1) {
    const file = run.file();
    run.step({
      tool: 'Edit',
      input: { file_path: `/repo/${file}`, old_string: `import ${from}`, new_string: `import ${to}s` },
      text: 'The file has been updated.',
      changes: file,
      pauseMs: 2_000,
    });
  }
};

const moves: Part = (run) => {
  for (let count = run.random.int(6, 20); count > 0; count -= 1)
    run.step({ ...bash(`git mv ${run.file()} ${run.file()}`), text: '', exitCode: 0, pauseMs: 2_000 });
};

const analysis: Part = (run) => {
  for (let count = run.random.int(5, 20); count > 0; count -= 1) {
    run.step({
      ...bash(
        `python3 - <<'EOF'\nimport pandas as pd\nframe = pd.read_csv("data.csv")\nprint(frame.${run.random.pick(words)}.head(${run.random.int(1, 50)}))\nEOF`,
      ),
      text: run.lines(10),
      tookMs: 4_000,
    });
  }
};

const script: Part = (run) => {
  for (let count = run.random.int(3, 8); count > 0; count -= 1) {
    run.step({
      tool: 'Write',
      input: { file_path: '/repo/analyse.py', content: run.lines(30) },
      text: 'File written',
      changes: 'analyse.py',
    });
    run.step({ ...bash('python3 analyse.py'), text: run.lines(12), ok: run.random.chance(0.8) });
  }
};

const mistakes: Part = (run) => {
  for (let count = run.random.int(1, 2); count > 0; count -= 1)
    run.step({ ...bash(`${run.random.pick(words)} --check`), text: 'command not found', ok: false, exitCode: 127 });
  run.step({ ...bash(`grep -c "${run.random.pick(words)}" README.md`), text: '0', ok: false, exitCode: 1 });
};

const debug: Part = (run) => {
  const file = run.file();
  const line = run.lines(1);
  const put = (old: string, text: string): void =>
    run.step({
      tool: 'Edit',
      input: { file_path: `/repo/${file}`, old_string: old, new_string: text },
      text: 'updated',
      changes: file,
    });
  put(line, `${line}\nconsole.log(value)`);
  run.step({ ...bash(`node ${file}`), text: run.lines(5) });
  put(`${line}\nconsole.log(value)`, line);
};

const commit: Part = (run) => {
  run.step({ ...bash('git status --short'), text: ` M ${run.file()}\n M ${run.file()}` });
  run.step({ ...bash('git diff --stat'), text: run.lines(4) });
  run.step({
    ...bash(`git add -A && git commit -qm "${run.random.pick(words)} ${run.random.int(0, 999)}"`),
    text: '',
    exitCode: 0,
  });
};

const books: Part = (run) => {
  run.step({
    tool: 'TodoWrite',
    input: { todos: [{ content: run.sentence(), status: 'pending' }] },
    text: 'Todos have been modified successfully',
    pauseMs: 500,
  });
};

const parts: readonly Part[] = [
  explore,
  fixTests,
  build,
  poll,
  waitOnInput,
  bulk,
  moves,
  analysis,
  script,
  mistakes,
  debug,
  commit,
  books,
  explore,
  fixTests,
  commit,
];

/** A run that gets somewhere. */
export function healthyRun(seed: number): AgentRun {
  const run = new Recorder(seed);
  explore(run);
  for (let count = run.random.int(3, 12); count > 0; count -= 1) run.random.pick(parts)(run);
  commit(run);
  return { events: run.events, faultAt: null };
}

export type Fault =
  | 'same call, same result'
  | 'same call, any result'
  | 'two calls in turn'
  | 'five calls in turn'
  | 'one varying call in between'
  | 'same error, other arguments'
  | 'failed calls'
  | 'only reading'
  | 'nothing new'
  | 'a file swings'
  | 'tests do not shrink'
  | 'same message'
  | 'silence';

type Inject = (run: Recorder, times: number) => void;

/** What goes wrong for ever, each repeated so often. */
export const faults: Readonly<Record<Fault, Inject>> = {
  'same call, same result': (run, times) => {
    for (let count = 0; count < times; count += 1)
      run.step({
        ...bash('npm run lint'),
        text: `12 problems, done in ${count}.4s`,
        ok: false,
        exitCode: 1,
        pauseMs: 3_000,
      });
  },
  'same call, any result': (run, times) => {
    for (let count = 0; count < times; count += 1)
      run.step({ tool: 'web_search', input: { query: 'how to fix it' }, text: run.lines(20), pauseMs: 3_000 });
  },
  'two calls in turn': (run, times) => {
    for (let count = 0; count < times; count += 1)
      for (const name of ['a', 'b'])
        run.step({
          tool: 'Read',
          input: { file_path: `/repo/${name}.ts` },
          text: `content of file ${name}, unchanged`,
          pauseMs: 3_000,
        });
  },
  'five calls in turn': (run, times) => {
    for (let count = 0; count < times; count += 1)
      for (const name of ['a', 'b', 'c', 'd', 'e'])
        run.step({ ...bash(`cat ${name}.log`), text: `log of ${name}: nothing to report`, pauseMs: 3_000 });
  },
  'one varying call in between': (run, times) => {
    for (let count = 0; count < times; count += 1) {
      run.step({
        ...bash('make test'),
        text: 'make: *** [test] Error 2, see above',
        ok: false,
        exitCode: 2,
        pauseMs: 3_000,
      });
      run.step({ tool: 'Read', input: { file_path: `/repo/${run.file()}` }, text: run.lines(30), pauseMs: 3_000 });
    }
  },
  'same error, other arguments': (run, times) => {
    for (let count = 0; count < times; count += 1)
      run.step({
        ...bash(`deploy --try=${run.random.int(0, 99_999)}`),
        text: `Error: connection refused at 10.0.0.1:${run.random.int(1_000, 9_999)}`,
        ok: false,
        exitCode: 1,
        pauseMs: 3_000,
      });
  },
  'failed calls': (run, times) => {
    for (let count = 0; count < times; count += 1)
      run.step({
        ...bash(`${run.random.pick(words)} ${run.lines(1)}`),
        text: `error: ${run.sentence()}`,
        ok: false,
        exitCode: 1,
        pauseMs: 3_000,
      });
  },
  'only reading': (run, times) => {
    for (let count = 0; count < times; count += 1)
      run.step({ tool: 'Read', input: { file_path: `/repo/docs/${count}.md` }, text: run.lines(30), pauseMs: 3_000 });
  },
  'nothing new': (run, times) => {
    // A round of seven is too long for a cycle; its first round is news.
    for (let count = 0; count < times + 7; count += 1)
      run.step({
        ...bash(`cat part-${'abcdefg'[count % 7]}.txt`),
        text: `part ${'abcdefg'[count % 7]} of the text, always the same`,
        pauseMs: 3_000,
      });
  },
  'a file swings': (run, times) => {
    for (let count = 0; count < times + 2; count += 1) {
      const content = count % 2 === 0 ? 'export const way = 1;' : 'export const way = 2;';
      run.step({
        tool: 'Write',
        input: { file_path: '/repo/src/way.ts', content },
        text: 'File written',
        changes: 'src/way.ts',
        pauseMs: 3_000,
      });
    }
  },
  'tests do not shrink': (run, times) => {
    for (let count = 0; count < times; count += 1) {
      edit(run, 'src/door.ts');
      run.step({
        ...bash('npx vitest run door'),
        text: ` FAIL  door.test.ts > opens\n Tests  ${1 + (count % 2)} failed | 3 passed (4)`,
        ok: false,
        exitCode: 1,
        pauseMs: 3_000,
      });
    }
  },
  'same message': (run, times) => {
    for (let count = 0; count < times; count += 1) {
      run.at += 3_000;
      run.events.push({ type: 'message', at: run.at, text: 'I will now begin with the implementation of the task.' });
    }
  },
  silence: (run) => {
    for (let at = run.at + 1_000; at <= run.at + 400_000; at += 1_000) run.events.push({ type: 'tick', at });
  },
};

/** A healthy beginning, then the fault. */
export function faultyRun(seed: number, fault: Fault, times: number): AgentRun {
  const run = new Recorder(seed);
  explore(run);
  for (let count = run.random.int(0, 5); count > 0; count -= 1) run.random.pick(parts)(run);
  edit(run, run.file());
  const faultAt = run.events.length;
  faults[fault](run, times);
  return { events: run.events, faultAt };
}
