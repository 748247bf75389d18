/** Facts about the machine and Orbit on it, for whoever watches: cheap enough to be asked for every minute. Reads only. */
import { readdir, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { markedProcesses } from '../platform/marked-processes.ts';
import { count, duration } from '../platform/words.ts';
import { agentStandings } from './agent-gate.ts';
import type { Context } from './context.ts';
import { good, look, lookAtAgents, lookAtDisk, lookAtSettings, tellLeader, type Fact } from './health-look.ts';
import { leaderNow } from './leader-now.ts';

export async function lookAtHealth(context: Context): Promise<{ at: string; facts: readonly Fact[] }> {
  const settings = await lookAtSettings(context);
  const facts = [
    good('Node.js', process.version),
    await look('git', async () => context.gitVersion()),
    good('SQLite', process.versions['sqlite'] ?? 'unknown'),
    await lookAtStore(context),
    await lookAtDisk(context),
    settings,
    // Nobody knows the agents of settings that cannot be read.
    ...(settings.ok === true ? [...(await lookAtAgents(context)), ...(await lookAtChecks(context))] : []),
    await lookAtLeader(context),
    await lookAtAttempts(context),
    ...(settings.ok === true ? [await lookAtWorkspaces(context)] : []),
    await lookAtProcesses(context),
  ];
  return { at: new Date(context.clock.now()).toISOString(), facts };
}

async function lookAtStore({ store, paths, clock }: Context): Promise<Fact> {
  return look('store', async () => {
    const last = await store.lastSeq();
    const [event] = await store.events({ since: Math.max(0, last - 1), limit: 1 });
    const bytes = (await sizeOf(paths.database)) + (await sizeOf(`${paths.database}-wal`));
    const age = event === undefined ? '' : `, the last ${duration(clock.now() - event.at)} ago`;
    return `${count(last, 'event')}${age}; ${count((await store.plans()).length, 'plan')}; ${(bytes / 1e6).toFixed(1)} MB`;
  });
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

/** What the last check of each agent found, and whether it bars the agent from work. */
async function lookAtChecks(context: Context): Promise<Fact[]> {
  const now = context.clock.now();
  return (await agentStandings(context)).map(({ agent, check, isChecked, barred }) => {
    const name = `check of ${agent}`;
    const hint = `orbit agents check ${agent}`;
    if (barred !== null) return { name, ok: false, text: barred, hint };
    if (check === null) return { name, ok: null, text: 'never checked', hint };
    const when = `${duration(now - check.at)} ago`;
    if (!isChecked) return { name, ok: null, text: `checked ${when}, as it was then`, hint };
    return check.passed
      ? good(name, `passed ${when}`)
      : { name, ok: null, text: `did not pass ${when}: ${check.reason}`, hint };
  });
}

/** Nothing is given out and nothing lands without one, which may be just as it should be. */
async function lookAtLeader(context: Context): Promise<Fact> {
  const leader = await leaderNow(context);
  const fact = tellLeader(leader);
  if (leader === null) return { ...fact, ok: null, hint: 'orbit run gives out work and lands it' };
  return { ...fact, text: `${fact.text}; its lease has ${duration(leader.expiresAt - context.clock.now())} left` };
}

async function lookAtAttempts({ store, clock }: Context): Promise<Fact> {
  const live = await store.attempts({ live: true });
  const lost = live.filter(({ pulse }) => pulse.expiresAt <= clock.now());
  const text = `${count(live.length, 'attempt')} at work`;
  if (lost.length === 0) return good('attempts', text);
  const names = lost.slice(0, namesMax).map(({ task, token }) => `${task} (${token})`);
  return {
    name: 'attempts',
    ok: false,
    text: `${text}, ${lost.length} of them without a sign of their runner: ${names.join(', ')}`,
    hint: 'a coordinator takes them back: orbit run',
  };
}

/** Their number alone: how much disk they take costs a look at every file. */
async function lookAtWorkspaces({ paths, settings }: Context): Promise<Fact> {
  const directory = resolve(paths.top, (await settings()).workspace.directory);
  const entries = await readdir(directory, { withFileTypes: true }).catch(() => []);
  const number = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).length;
  return good('workspaces', `${number} in ${directory}`);
}

/** Processes of attempts that are over (I15). */
async function lookAtProcesses({ store, paths }: Context): Promise<Fact> {
  const name = 'processes';
  const marked = markedProcesses(paths.top);
  if (marked === null) return { name, ok: null, text: 'whose they are cannot be told here', hint: '' };
  const live = new Set((await store.attempts({ live: true })).map(({ token }) => token));
  const orphans = marked.filter(({ token }) => !live.has(token));
  if (orphans.length === 0) return good(name, 'none outlives its attempt');
  const told = orphans.slice(0, namesMax).map((one) => `${one.pid} ${one.name} (attempt ${one.token})`);
  return {
    name,
    ok: false,
    text: `${count(orphans.length, 'process', 'processes')} of attempts that are over: ${told.join(', ')}`,
    hint: 'an attempt that has just ended may still be ending its own; look again, then end what is left',
  };
}

const namesMax = 5;
