/** What a run serves while it runs: the API and the dashboard. */
import type { Context } from '../../actions/context.ts';
import type { TickMeter } from '../../compose-api.ts';
import type { Around, Input } from '../command.ts';

/** Scripts that read the run's answer get no server unless they ask for it. */
export function wantsApi(input: Input, { json, quiet }: Around): boolean {
  return !input.has('no-api') && (input.has('api') || !(json || quiet));
}

export function noTicks(): TickMeter {
  return { count: 0, seconds: 0, lastSeconds: 0 };
}

export function addTick(ticks: TickMeter, ms: number): void {
  ticks.count += 1;
  ticks.lastSeconds = ms / 1000;
  ticks.seconds += ticks.lastSeconds;
}

/** The dashboard of the run. Work goes on without it where it cannot start. */
export async function serveBeside(
  context: Context,
  { environment }: Around,
  { log, ticks, say }: { log: (line: string) => void; ticks: TickMeter; say: (text: string) => void },
): Promise<AsyncDisposable | null> {
  try {
    const { openApi } = await import('../../compose-api.ts');
    const server = await openApi(context, { environment, port: null, host: null, log, ticks });
    say(`Dashboard: ${server.link()}`);
    return server;
  } catch (error) {
    say(`The dashboard could not start: ${error instanceof Error ? error.message : String(error)}`);
    return null;
  }
}
