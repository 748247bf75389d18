/** One `orbit run --json` as a process: its events as they come, its end, and waiting for either without sleeping. */
import { spawn } from 'node:child_process';

export interface RunEvent {
  seq: number;
  at: string;
  actor: string;
  type: string;
  task: string | null;
  attempt: number | null;
  data: Record<string, unknown>;
}

export interface Summary {
  landed: number;
  failed: number;
  needsYou: number;
  attempts: number;
  elapsedMs: number;
  left: { task: string; status: string; reason: string }[];
}

export interface OrbitRun {
  pid: number;
  events: readonly RunEvent[];
  stderr: () => string;
  /** The first event, past or to come, that fits; rejects if the run ends without it. */
  until: (fits: (event: RunEvent) => boolean) => Promise<RunEvent>;
  /** Resolves when the program has said this on standard error; rejects if it ends without. */
  says: (text: string) => Promise<void>;
  signal: (name: NodeJS.Signals) => void;
  /** Resolves at the end of the process, whatever it was. */
  ended: Promise<RunEnd>;
}

export interface RunEnd {
  code: number | null;
  signal: string | null;
  summary: Summary | null;
}

export function startRun(
  command: readonly string[],
  { directory, environment }: { directory: string; environment: Readonly<Record<string, string>> },
): OrbitRun {
  const [program = '', ...args] = command;
  const child = spawn(program, args, { cwd: directory, env: environment, stdio: ['ignore', 'pipe', 'pipe'] });
  const events: RunEvent[] = [];
  const listeners = new Set<() => void>();
  let [stderr, summary, over] = ['', null as Summary | null, false];
  const tell = (): void => {
    for (const listener of listeners) listener();
  };
  let rest = '';
  const hear = (line: string): void => {
    const value = JSON.parse(line) as RunEvent | { summary: Summary } | { error: unknown };
    if ('summary' in value) summary = value.summary;
    else if ('type' in value) events.push(value);
    else stderr += line;
  };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    lines.forEach(hear);
    tell();
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    tell();
  });
  const ended = new Promise<RunEnd>((done) => {
    child.once('close', (code, signal) => {
      over = true;
      done({ code, signal, summary });
      tell();
    });
  });
  const wait = async <T>(find: () => T | undefined, what: string): Promise<T> =>
    new Promise((found, missed) => {
      const look = (): void => {
        const value = find();
        if (value === undefined && !over) return;
        listeners.delete(look);
        if (value === undefined)
          missed(new Error(`the run ended without ${what}\n${stderr}\n${events.map(briefly).join('\n')}`));
        else found(value);
      };
      listeners.add(look);
      look();
    });
  return {
    pid: child.pid ?? 0,
    events,
    stderr: () => stderr,
    until: async (fits) => wait(() => events.find(fits), String(fits)),
    says: async (text) => void (await wait(() => (stderr.includes(text) ? true : undefined), JSON.stringify(text))),
    signal: (name) => void child.kill(name),
    ended,
  };
}

/** One line of an event, for failures of tests. */
function briefly({ seq, type, task, attempt, data }: RunEvent): string {
  return `${seq} ${type} ${task ?? ''} ${attempt ?? ''} ${JSON.stringify(data['reason'] ?? data['outcome'] ?? '')}`.trim();
}
