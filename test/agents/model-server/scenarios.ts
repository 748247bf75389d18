/**
 * The scenarios that the server knows by itself. Texts may hold `{name}`: a parameter of the marker, `{n}` for the number of results so
 * far, or `{hint}` for the latest word of the user's; unknown names stay as they are.
 *
 * Parameters with defaults: `file` (out.txt), `text` (done), `s` (6 seconds), `window` (200000 tokens).
 */
import type { CallStep, Scenario, Step } from './scenario.ts';

/** One commit that holds a new file. No command substitution: one program refuses it. */
const commit: CallStep = {
  do: 'shell',
  command:
    'mkdir -p {directory} && echo {text} >> {file} && git add {file} && git commit -q -m "Add {file}" && git log --oneline -1',
};
const complete: CallStep = { do: 'shell', command: 'orbit complete "$ORBIT_TASK"' };
const done: Step = { do: 'say', text: 'The work is done.' };
const work: readonly Step[] = [commit, complete, done];
/** Not `sleep`: one program refuses it. */
const sleep: CallStep = { do: 'shell', command: 'timeout {s} tail -f /dev/null; echo slept' };

/** Few models answer sooner. */
const quickModelMs = 500;

export const scenarios: Readonly<Record<string, Scenario>> = {
  /** A file, a commit, the report by the command line. */
  happy: { steps: work },
  /** The same without a report: only words. */
  words: { steps: [commit, done] },
  /** The program's own tool for writing, then commit and report. */
  write: {
    steps: [
      { do: 'write', path: '{file}', text: '{text}' },
      { do: 'shell', command: 'git add {file} && git commit -q -m "Write {file}"' },
      complete,
      done,
    ],
  },
  /** The report by an MCP tool. */
  mcp: { steps: [commit, { do: 'mcp', tool: 'complete', input: {} }, done] },
  /** Progress, a note and the report, all by MCP tools. */
  'mcp-all': {
    steps: [
      { do: 'mcp', tool: 'my_task', input: {} },
      commit,
      { do: 'mcp', tool: 'progress', input: { doing: 'half way' } },
      { do: 'mcp', tool: 'complete', input: {} },
      done,
    ],
  },
  /** Sleeps in the shell until a word ORBIT-HINT comes, or ends its turn after four times; then says it back, works and reports. */
  hint: {
    steps: [
      { ...sleep, repeat: 4 },
      { do: 'say', text: 'I pause.' },
    ],
    onHint: [
      {
        match: 'ORBIT-HINT',
        steps: [{ ...commit, say: 'I got ORBIT-HINT.' }, complete, { do: 'say', text: 'Done as ORBIT-HINT says.' }],
      },
    ],
  },
  /** One long command, then the work: room for a restart, an interrupt, a kill. */
  sleep: { steps: [sleep, ...work] },
  /** The same failing call for ever, whatever is said; as slow as a quick model, so that a hint can come between two calls. */
  loop: { steps: [{ do: 'shell', command: 'cat no-such-file', repeat: Infinity, afterMs: quickModelMs }] },
  /** The same call with a changing result, for ever. */
  'loop-any': { steps: [{ do: 'shell', command: 'date +%N', repeat: Infinity }] },
  /** Two calls in turn for ever. */
  'loop-two': {
    steps: Array.from({ length: 200 }, (_, n): Step => ({
      do: 'shell',
      command: n % 2 === 0 ? 'ls' : 'git status --short',
    })),
  },
  /** Loops until any word comes, then works. */
  'loop-heeds': {
    steps: [{ do: 'shell', command: 'cat no-such-file', repeat: Infinity, afterMs: quickModelMs }],
    onHint: [{ match: '*', steps: work }],
  },
  /** Reads other files for ever. */
  reads: { steps: [{ do: 'shell', command: 'sed -n {n}p README.md', repeat: Infinity }] },
  /** Fails in other ways for ever. */
  fails: { steps: [{ do: 'shell', command: 'cat no-such-file-{n}', repeat: Infinity }] },
  /** Loops in its first session; a prompt that tells of an earlier attempt makes it work. */
  'loop-then-works': {
    steps: [{ do: 'shell', command: 'cat no-such-file', repeat: Infinity }],
    onPrompt: [{ match: /tried before|earlier attempt/i, steps: work }],
  },
  /** Never answers. */
  hang: { steps: [{ do: 'hang' }] },
  /** Never answers the first request after one call; answers later ones. */
  'hang-once': { steps: [{ do: 'shell', command: 'ls' }, { do: 'hang', times: 1 }, ...work] },
  /** A first word, then silence with the stream open. */
  stall: { steps: [{ do: 'stall' }] },
  'stall-once': { steps: [{ do: 'shell', command: 'ls' }, { do: 'stall', times: 1 }, ...work] },
  /** The stream breaks after its first word, for ever or twice. */
  cut: { steps: [{ do: 'cut' }] },
  'cut-twice': { steps: [{ do: 'cut', times: 2 }, ...work] },
  /** Words in 40 pieces, then the work in a second turn. */
  slow: {
    steps: [{ do: 'say', text: 'word '.repeat(40), pieces: 40, pauseMs: 500 }, ...work],
    onHint: [{ match: 'ORBIT-HINT', steps: work }],
  },
  /** 429 with a short wait, twice. */
  'limit-short': { steps: [{ do: 'error', status: 429, retryAfterS: 1, times: 2 }, ...work] },
  /** 429 with the time of its end a while away, for ever. */
  'limit-reset': {
    steps: [
      {
        do: 'error',
        status: 429,
        retryAfterS: 3600,
        text: 'You have reached your usage limit. Your limit resets in 1 hour.',
        extra: { resets_in_seconds: 3600 },
      },
    ],
  },
  /** 429 that says nothing more, for ever. */
  limit: { steps: [{ do: 'error', status: 429 }] },
  /** A wall that falls after the first four requests. */
  'limit-passes': { steps: [{ do: 'error', status: 429, retryAfterS: 3, times: 4 }, ...work] },
  overloaded: { steps: [{ do: 'error', status: 529 }] },
  'overloaded-twice': { steps: [{ do: 'error', status: 529, times: 2 }, ...work] },
  broken: { steps: [{ do: 'error', status: 500 }] },
  login: { steps: [{ do: 'error', status: 401 }] },
  /** One call, then the prompt is too long for ever; a prompt that tells of an earlier attempt goes well. */
  context: {
    steps: [
      { do: 'shell', command: 'echo half > half.txt' },
      { do: 'error', status: 'context' },
    ],
    onPrompt: [{ match: /tried before|earlier attempt|notes of/i, steps: work }],
  },
  /** Uses nine tenths of its window (parameter `window`) with its second call, and writes notes when it is told so. */
  'context-fills': {
    steps: [
      { do: 'shell', command: 'echo half > half.txt', usage: { share: 0.5 } },
      { do: 'shell', command: 'echo more >> half.txt; sleep 1', usage: { share: 0.9 }, repeat: Infinity },
    ],
    onHint: [
      {
        match: 'A fresh agent goes on',
        steps: [
          { do: 'shell', command: 'orbit handoff "$ORBIT_TASK" "half.txt is begun"', usage: { share: 0.91 } },
          { do: 'say', text: 'I handed over.' },
        ],
      },
    ],
    onPrompt: [
      {
        match: /half\.txt is begun/i,
        steps: [
          { ...commit, command: `${commit.command} && git add -A && git commit -q -m Rest --allow-empty` },
          complete,
          done,
        ],
      },
    ],
  },
  /** The same for a program that counts by itself what it sent: outputs of random letters that really fill its context. */
  'context-really-fills': {
    steps: [
      { do: 'shell', command: 'echo half > half.txt' },
      { do: 'shell', command: 'head -c 12000 /dev/urandom | base64 | tee -a half.txt', repeat: Infinity },
    ],
    onHint: [
      {
        match: 'A fresh agent goes on',
        steps: [
          { do: 'shell', command: 'orbit handoff "$ORBIT_TASK" "half.txt is begun"' },
          { do: 'say', text: 'I handed over.' },
        ],
      },
    ],
    onPrompt: [
      {
        match: /half\.txt is begun/i,
        steps: [
          { ...commit, command: `${commit.command} && git add -A && git commit -q -m Rest --allow-empty` },
          complete,
          done,
        ],
      },
    ],
  },
  /** Each call costs a lot. */
  spends: {
    steps: [
      {
        do: 'shell',
        command: 'echo spent {n} >> spent.txt',
        usage: { input: 90_000, output: 10_000 },
        repeat: Infinity,
      },
    ],
  },
  /** Says that it is done, with nothing done, as often as it is asked. */
  lies: { steps: [complete, done] },
  'lies-in-words': { steps: [done] },
  /** Lies first, works when it is told what is missing. */
  'lies-then-works': { steps: [done], onHint: [{ match: '*', steps: work }] },
  /** Commits a file that its scope does not hold. */
  outside: {
    steps: [
      {
        do: 'shell',
        command: 'echo x > outside.txt && echo {text} > {file} && git add -A && git commit -q -m "Too much"',
      },
      complete,
      done,
    ],
  },
  /** The same, and takes it back when it is told. */
  'outside-heeds': {
    steps: [
      {
        do: 'shell',
        command: 'echo x > outside.txt && echo {text} > {file} && git add -A && git commit -q -m "Too much"',
      },
      complete,
      done,
    ],
    onHint: [
      {
        match: /scope|outside/i,
        steps: [{ do: 'shell', command: 'git rm -q outside.txt && git commit -q -m "Take it back"' }, complete, done],
      },
    ],
  },
  /** Leaves a process in a session of its own, without the environment, in the workspace. */
  daemon: {
    steps: [
      {
        do: 'shell',
        command:
          'env -i setsid -f /bin/sleep 987 >/dev/null 2>&1 </dev/null; (cd / && setsid -f /bin/sleep 986 >/dev/null 2>&1 </dev/null); echo started',
      },
      ...work,
    ],
  },
  /** Kills its parents. */
  kills: { steps: [{ do: 'shell', command: 'kill -9 $PPID; echo killed' }, ...work] },
  /** Commits a part, then makes a task of what is missing and puts it first; told again, it finishes. */
  blocks: {
    steps: [
      { do: 'shell', command: 'echo half > half.txt && git add half.txt && git commit -q -m "Add a half"' },
      {
        do: 'shell',
        command:
          'test -f first.txt || orbit block "$ORBIT_TASK" --on new --title "First things" --description "[scenario:happy file=first.txt]" "first.txt is missing"',
      },
      { do: 'say', text: 'I wait for that.' },
    ],
    onHint: [{ match: /You go on with/, steps: work }],
    onPrompt: [{ match: /first\.txt is missing|You go on with|tried before/, steps: work }],
  },
  /** Asks a person. */
  asks: {
    steps: [
      { do: 'shell', command: 'orbit block "$ORBIT_TASK" --question "Which colour?"' },
      { do: 'say', text: 'I wait.' },
    ],
    onHint: [{ match: '*', steps: work }],
  },
  /** Prints a great deal without a line break. */
  floods: { steps: [{ do: 'shell', command: 'head -c 30000000 /dev/zero | tr "\\0" x' }, ...work] },
  /** Two calls in one answer. */
  several: {
    steps: [
      {
        do: 'several',
        calls: [
          { do: 'shell', command: 'ls' },
          { do: 'shell', command: 'git status' },
        ],
      },
      ...work,
    ],
  },
};

export const parameterDefaults: Readonly<Record<string, string>> = {
  file: 'out.txt',
  text: 'done',
  s: '6',
  window: '200000',
};
