/** Made-up runs of agents that begin well and then go wrong for ever, each in one way. */
import { explore, parts } from './healthy-run.ts';
import { bash, edit, Recorder, words, type AgentRun } from './run-recorder.ts';

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
