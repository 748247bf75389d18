/**
 * The scripted agent itself: a program that plays a script in the current directory. It is started as a child process like
 * any agent, does real work with real git, and can misbehave in every way that real agents do.
 */
import { readFile } from 'node:fs/promises';
import { openChannel, type Channel } from './channel.ts';
import { isMisbehaviour, misbehave } from './misbehaviour.ts';
import { attemptOf, sceneOf, taskName, type Scene, type Stage } from './scene.ts';
import { readScript, stepsFor, type Step } from './script.ts';
import { work } from './work.ts';

/**
 * Plays the script for the attempt named by `ORBIT_PLAN`, `ORBIT_TASK`, `ORBIT_TOKEN`, `ORBIT_ATTEMPT` and `ORBIT_TITLE`.
 * @param scriptFile Absolute path.
 * @param stage This process, unless given.
 * @returns the exit code: the script's own, 0 at its end, 2 if the script cannot be read, 1 if a step fails.
 */
export async function playScript(scriptFile: string, stage: Stage = thisProcess()): Promise<number> {
  const channel = openChannel(stage.input, stage.output);
  // Whoever listened has left; nothing of what this program does matters to anybody now.
  stage.output.on('error', () => process.exit(1));
  try {
    const steps = await stepsIn(scriptFile, stage.environment);
    if (typeof steps === 'string') {
      await complain(channel, stage, steps);
      return 2;
    }
    const { ORBIT_TASK: task = 'task', ORBIT_TOKEN: token = '0' } = stage.environment;
    await channel.emit({ type: 'session', id: `scripted-${task}-${token}` });
    return (await playSteps(steps, sceneOf(stage, channel))) ?? 0;
  } catch (error) {
    await complain(channel, stage, `the script ${scriptFile} stopped: ${String(error)}`);
    return 1;
  } finally {
    channel.close();
  }
}

function thisProcess(): Stage {
  return {
    directory: process.cwd(),
    environment: process.env,
    input: process.stdin,
    output: process.stdout,
    errors: process.stderr,
  };
}

async function stepsIn(file: string, environment: Stage['environment']): Promise<readonly Step[] | string> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    return `the script ${file} cannot be read: ${error instanceof Error ? error.message : String(error)}`;
  }
  const script = readScript(text);
  if ('fault' in script) return `the script ${file} is wrong: ${script.fault}`;
  return stepsFor(script, taskName(environment), attemptOf(environment));
}

/** Plays steps in order; answers an exit code as soon as one ends the play, else `null`. */
async function playSteps(steps: readonly Step[], scene: Scene): Promise<number | null> {
  for (const step of steps) {
    const exitCode = await playStep(step, scene);
    if (exitCode !== null) return exitCode;
  }
  return null;
}

async function playStep(step: Step, scene: Scene): Promise<number | null> {
  if (step.do === 'exit') return step.exitCode;
  if (step.do === 'loop') {
    for (let round = 0; round < step.times; round += 1) {
      const exitCode = await playSteps(step.steps, scene);
      if (exitCode !== null) return exitCode;
    }
    return null;
  }
  if (step.do === 'wait-for-hint') return waitForHint(step.contains, scene);
  if (isMisbehaviour(step)) return misbehave(step, scene);
  await work(step, scene);
  return null;
}

/** Other hints than the one waited for are taken and said back. An interrupt ends the wait; a closed input ends the play. */
async function waitForHint(contains: string, { channel, input }: Scene): Promise<number | null> {
  for (;;) {
    const hint = await channel.nextHint();
    if (hint === null) return input.destroyed ? 1 : null;
    await channel.emit({ type: 'message', text: `hint: ${hint}` });
    if (hint.includes(contains)) return null;
  }
}

async function complain(channel: Channel, stage: Stage, text: string): Promise<void> {
  await channel.emit({ type: 'error', class: 'agent', text, retryAfterMs: null, critical: true });
  await channel.write(`${text}\n`, stage.errors);
}
