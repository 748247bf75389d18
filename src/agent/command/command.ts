/**
 * The `command` adapter: any program as an agent (P10).
 *
 * Two ways to listen to it, chosen by the setting `output`: `text`, where every line is a message and the exit code is the
 * program's word; and `json-lines`, where it speaks Orbit's vocabulary and can be hinted at. Which program runs is decided by
 * the project's settings alone: a path in them starts at the project's top, never in the workspace that an agent may write.
 */
import { resolve } from 'node:path';
import { findProgram } from '../../platform/process.ts';
import type { AgentAdapter, AgentCapabilities, AgentEvent, AgentOrder, AgentSession, AgentSettings } from '../agent.ts';
import { sessionThatFailed, startChildSession } from '../child-session.ts';
import { eventText } from '../event-text.ts';
import { eventLineReader, hintLine, interruptLine, promptLine, readEventLine } from '../json-lines.ts';
import type { Line } from '../lines.ts';

export const commandAdapter: AgentAdapter = {
  name: 'command',
  environmentNames: [],
  isolated: false,
  capabilities,
  fault,
  version: async () => null,
  start,
  reader: eventLineReader,
};

function capabilities(settings: AgentSettings): AgentCapabilities {
  const speaks = settings.output === 'json-lines';
  return {
    hint: speaks ? 'now' : 'unsupported',
    interrupt: speaks,
    resume: false,
    usage: speaks,
    exitIsReport: (settings.report ?? (speaks ? 'explicit' : 'exit')) === 'exit',
    turns: false,
    mcp: false,
    thinking: false,
  };
}

async function fault(settings: AgentSettings, directory: string): Promise<string | null> {
  const program = programOf(settings, { directory, path: process.env['PATH'] ?? '' });
  return 'fault' in program ? program.fault : null;
}

async function start(order: AgentOrder): Promise<AgentSession> {
  const { settings, directory } = order;
  const environment = { ...order.environment, ORBIT_PROMPT: order.promptFile };
  const program = programOf(settings, { directory, path: order.environment['PATH'] ?? '' });
  if ('fault' in program) return sessionThatFailed(program.fault);
  const speaks = settings.output === 'json-lines';
  const prompt = settings.prompt === 'file' ? '' : speaks ? promptLine(order.prompt, order.promptFile) : order.prompt;
  return startChildSession({
    process: {
      command: program.path,
      args: settings.command?.slice(1) ?? [],
      cwd: order.workspace,
      environment,
      stdin: 'pipe',
    },
    input: { text: prompt, close: !speaks },
    onRaw: (line) => order.onRaw(line),
    interpret: (line, stream) => [(speaks && stream === 'out' ? readEventLine(line) : null) ?? messageOf(line)],
    ...(speaks ? { talk: { hint: hintLine, delivery: 'now', interrupt: interruptLine } } : {}),
  });
}

function programOf(
  settings: AgentSettings,
  where: { directory: string; path: string },
): { path: string } | { fault: string } {
  const [command] = settings.command ?? [];
  if (command === undefined || command === '') return { fault: 'the setting "command" of this agent names no program' };
  return findProgram(command.includes('/') ? resolve(where.directory, command) : command, where.path);
}

function messageOf(line: Line): AgentEvent {
  return { type: 'message', text: eventText(line.text, line.droppedBytes) };
}
