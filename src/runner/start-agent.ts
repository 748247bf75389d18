/**
 * Starts the agent of an attempt: settings, adapter, environment, prompt.
 *
 * Owns what the agent finds when it begins (DESIGN.md, section 8). Whatever makes a start impossible is an ending with a reason
 * that names the setting to change, never an exception that hides it.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentAdapter, AgentCapabilities, AgentSession, AgentSettings } from '../agent/agent.ts';
import { agentFamily } from '../core/agent-name.ts';
import { UsageError } from '../platform/error.ts';
import { agentEntry } from '../platform/known-agents.ts';
import type { Settings } from '../platform/settings.ts';
import type { Workspace } from '../workspace/workspace.ts';
import { agentEnvironment, mcpServer } from './agent-environment.ts';
import { filesOf, lentSecrets } from './lent-secrets.ts';
import type { Life } from './life.ts';
import { makePrivateDirectories, privateDirectories } from './private-directories.ts';
import { resumePrompt } from './prompt.ts';
import { writePrompt } from './prompt-facts.ts';
import { sessionToResume } from './resume.ts';
import type { Ending } from './runner.ts';

export interface ChosenAgent {
  adapter: AgentAdapter;
  settings: AgentSettings;
  capabilities: AgentCapabilities;
}

export interface StartedAgent extends ChosenAgent {
  session: AgentSession;
}

/** The adapter and settings that a worker's name stands for, or why there are none. */
export async function chooseAgent(life: Life): Promise<ChosenAgent | Ending> {
  const { ports, attempt } = life;
  const settings = agentSettings(ports.settings, attempt.agent);
  if (settings === null) {
    const known = Object.keys(ports.settings.agents).join(', ') || 'none';
    return failed(
      `The settings name no agent ${agentFamily(attempt.agent)} (known: ${known}); add it to orbit.config.json.`,
    );
  }
  try {
    const adapter = await ports.adapter(settings.adapter);
    const fault = await adapter.fault(settings, ports.paths.project);
    if (fault !== null) return failed(`The agent ${attempt.agent} cannot be started: ${fault}`);
    return { adapter, settings, capabilities: adapter.capabilities(settings) };
  } catch (error) {
    if (error instanceof UsageError) return failed(`${error.message}; ${error.hint}`);
    throw error;
  }
}

/** Writes the prompt and starts the program; a program that did not start tells so in its event stream. */
export async function startAgent(life: Life, chosen: ChosenAgent, workspace: Workspace): Promise<StartedAgent> {
  const { ports, attempt, task, logs } = life;
  const { adapter, settings, capabilities } = chosen;
  const promptFile = join(logs.directory, 'prompt.md');
  const place = { orbitDirectory: ports.paths.orbit, token: attempt.token };
  const directories = privateDirectories(place, ports.environment['HOME']);
  life.canResume = capabilities.resume;
  const resume = sessionToResume(life, chosen);
  if (adapter.isolated) makePrivateDirectories(directories);
  const { variables, secrets } = await agentEnvironment(ports, {
    attempt,
    ordinal: task.attempts,
    title: task.title,
    promptFile,
    settings,
    adapter,
    directories,
    ports: life.leased?.ports ?? [],
  });
  logs.hide(secrets);
  const { branch, directory } = workspace;
  const { exitIsReport, mcp: hasTools } = capabilities;
  const { plan, carried } = life;
  const order = { task, plan, agent: attempt.agent, branch, exitIsReport, hasTools, rung: attempt.rung, carried };
  const whole = await writePrompt(ports, order);
  writeFileSync(promptFile, whole, { mode: 0o600 });
  const prompt = resume === null ? whole : resumePrompt({ ...order, directory, promptFile });
  const before = filesOf(directories.home);
  const session = await adapter.start({
    workspace: directory,
    directory: ports.paths.project,
    prompt,
    promptFile,
    environment: variables,
    settings,
    model: attempt.model ?? settings.model ?? null,
    thinking: attempt.thinking ?? settings.thinking ?? null,
    mcp: capabilities.mcp ? mcpServer(ports, variables) : null,
    directories,
    resume,
    onRaw: ({ stream, text, droppedBytes }) => {
      logs.verbose(droppedBytes > 0 ? { stream, raw: text, droppedBytes } : { stream, raw: text });
    },
  });
  // A login's files were copied just now; what they hold is as secret as a variable.
  if (adapter.isolated) logs.hide([...secrets, ...lentSecrets(directories.home, before)]);
  life.session = session;
  life.vitals.agent = session.process;
  life.vitals.doing = 'started';
  // Whoever has to end this agent after a crash of this process finds it by what the store knows.
  await life.beating.now();
  logs.monitor(`started ${attempt.agent} (${settings.adapter}), process ${session.process?.pid ?? 'none'}`);
  return { ...chosen, session };
}

/** `claude-2` is a worker of the agent `claude`, unless the settings name it itself. */
function agentSettings(settings: Pick<Settings, 'agents'>, name: string): AgentSettings | null {
  return agentEntry(settings, name) ?? agentEntry(settings, agentFamily(name));
}

function failed(reason: string): Ending {
  return { as: 'failed', outcome: 'failed', reason };
}
