/** Made-up healthy runs of agents: of all the kinds that naive detectors take for loops. */
import { bash, edit, Recorder, words, type AgentRun } from './run-recorder.ts';

export type Part = (run: Recorder) => void;

export const explore: Part = (run) => {
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

export const parts: readonly Part[] = [
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
