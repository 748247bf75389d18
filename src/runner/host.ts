/**
 * The edge of a runner's process: signals in, exit code out.
 *
 * Owns what the process itself is told. SIGTERM gives the attempt back; SIGINT and SIGHUP are not for a detached runner and
 * are ignored, for the coordinator decides what a Ctrl-C at its terminal means. An error that nobody caught ends the attempt
 * as crashed, with its work saved, rather than the process without a word.
 */
import { runAttempt } from './attempt.ts';
import type { Ending, RunnerPorts } from './runner.ts';

export interface OpenRunner {
  ports: RunnerPorts;
  close: () => Promise<void>;
}

/**
 * Hosts the attempt with this token in this process.
 * @param open makes the ports; `release` has to be passed on in them.
 * @returns the exit code: 0 whenever the attempt's outcome was told or is another's to tell, 1 if it could not even begin.
 */
export async function hostAttempt(
  token: number,
  open: (release: AbortSignal) => Promise<OpenRunner>,
  log: (line: string) => void,
): Promise<number> {
  const release = new AbortController();
  const end = (ending: Ending): void => release.abort(ending);
  const onTerm = (): void => end({ as: 'released', reason: 'the runner was asked to end' });
  const onError = (error: unknown): void => {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    const message = error instanceof Error ? error.message : String(error);
    end({ as: 'failed', outcome: 'crashed', reason: `The runner met an unexpected error: ${message}` });
  };
  const onNothing = (): void => undefined;
  process.on('SIGTERM', onTerm).on('SIGINT', onNothing).on('SIGHUP', onNothing);
  process.on('uncaughtException', onError).on('unhandledRejection', onError);
  try {
    const { ports, close } = await open(release.signal);
    await runAttempt(ports, token);
    await close();
    return 0;
  } catch (error) {
    log(error instanceof Error ? (error.stack ?? error.message) : String(error));
    return 1;
  } finally {
    process.off('SIGTERM', onTerm).off('SIGINT', onNothing).off('SIGHUP', onNothing);
    process.off('uncaughtException', onError).off('unhandledRejection', onError);
  }
}
