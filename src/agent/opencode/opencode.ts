/**
 * The `opencode` adapter: OpenCode through its own server, `opencode serve`.
 *
 * The server and not `opencode run`, because only the server tells of retries, takes hints in the middle of a turn, and can end a
 * turn without ending the session. What its streams mean is in `reader.ts`, what is said to it in `conversation.ts`.
 */
import type { AgentAdapter, AgentCapabilities, AgentOrder, AgentSession } from '../agent.ts';
import { sessionThatFailed } from '../child-session.ts';
import { environmentNames } from './configuration.ts';
import { findOpenCode, openCodeFault, openCodeVersion } from './program.ts';
import { openCodeReader } from './reader.ts';
import { startOpenCode } from './session.ts';

export const openCodeAdapter: AgentAdapter = {
  name: 'opencode',
  environmentNames,
  isolated: true,
  capabilities,
  fault: async (settings, directory) => openCodeFault(settings, { directory, path: process.env['PATH'] ?? '' }),
  version: async (settings, directory) => openCodeVersion(settings, { directory, path: process.env['PATH'] ?? '' }),
  start,
  reader: openCodeReader,
};

function capabilities(): AgentCapabilities {
  return {
    hint: 'now',
    interrupt: true,
    resume: true,
    usage: true,
    exitIsReport: false,
    turns: true,
    mcp: true,
    thinking: true,
  };
}

async function start(order: AgentOrder): Promise<AgentSession> {
  const { settings, directory, environment } = order;
  const program = findOpenCode(settings, { directory, path: environment['PATH'] ?? '' });
  return 'fault' in program ? sessionThatFailed(program.fault) : startOpenCode(order, program);
}
