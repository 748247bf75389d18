/** Writes the steps of a made-up run down as events with times. A seed is a whole run. */
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

export const words: readonly string[] =
  'parser writer token queue lease claim graph layer route model index cache score plan batch ring'.split(' ');

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

export const bash = (command: string): { tool: string; input: unknown } => ({
  tool: 'Bash',
  input: { command, description: 'a step' },
});

/** Changes a file in a way that was never there. */
export const edit = (run: Recorder, file: string): void => {
  const before = run.lines(3);
  run.step({
    tool: 'Edit',
    input: { file_path: `/repo/${file}`, old_string: before, new_string: run.lines(4) },
    text: `The file ${file} has been updated.`,
    changes: file,
  });
};
