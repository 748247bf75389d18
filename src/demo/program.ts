/** Runs a program to its end, with this one's terminal and signals. */
import { spawn } from 'node:child_process';

/** Its exit code; 130 where a signal ended it. */
export async function runProgram(order: {
  command: string;
  args: readonly string[];
  cwd: string;
  silent: boolean;
}): Promise<number> {
  const child = spawn(order.command, order.args, {
    cwd: order.cwd,
    stdio: order.silent ? ['ignore', 'ignore', 'inherit'] : 'inherit',
  });
  // A terminal's Ctrl-C reaches the child by itself; what is sent to this process alone is passed on.
  const ignore = (): void => {};
  const pass = (): void => void child.kill('SIGTERM');
  process.on('SIGINT', ignore).on('SIGTERM', pass);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code) => resolve(code ?? 130));
    });
  } finally {
    process.off('SIGINT', ignore).off('SIGTERM', pass);
  }
}
