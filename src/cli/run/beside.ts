/**
 * What a run serves while it runs: the API and the dashboard, and the times of its ticks.
 *
 * Loading the server takes longer than a tick, so it begins behind the first one: no agent waits for a page that nobody may open.
 */
import type { Context } from '../../actions/context.ts';
import type { Around, Input } from '../command.ts';

export interface Beside {
  /** @param ms that the tick took. */
  onTick: (ms: number) => void;
  close: () => Promise<void>;
}

export interface BesideOrder {
  input: Input;
  around: Around;
  log: (line: string) => void;
  /** One line for a person. */
  say: (text: string) => void;
}

/** Scripts that read the run's answer get no server unless they ask for it. Work goes on where none can start. */
export function openBeside(context: Context, { input, around, log, say }: BesideOrder): Beside {
  const isWanted = !input.has('no-api') && (input.has('api') || !(around.json || around.quiet));
  const ticks = { count: 0, seconds: 0, lastSeconds: 0 };
  let isOver = false;
  let server: Promise<AsyncDisposable | null> | null = null;
  const start = async (): Promise<AsyncDisposable | null> => {
    const tell = (text: string): void => (isOver ? undefined : say(text));
    try {
      const { openApi } = await import('../../compose-api.ts');
      const { environment } = around;
      const opened = await openApi(context, { environment, port: null, host: null, log, ticks });
      tell(`Dashboard: ${opened.link()}`);
      return opened;
    } catch (error) {
      tell(`The dashboard could not start: ${error instanceof Error ? error.message : String(error)}`);
      return null;
    }
  };
  return {
    onTick(ms) {
      ticks.count += 1;
      ticks.lastSeconds = ms / 1000;
      ticks.seconds += ticks.lastSeconds;
      if (isWanted) server ??= start();
    },
    async close() {
      isOver = true;
      await (await server)?.[Symbol.asyncDispose]();
    },
  };
}
