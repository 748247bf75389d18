/**
 * The `claude` adapter: Claude Code in its own session protocol, JSON lines both ways.
 *
 * One process holds one session of many turns. A hint is a user message that the program folds into the running turn; its echo
 * is the receipt. The program would try again for ever after a refused login or at a service that fails; the reader tells when
 * that is final, and then the turn is interrupted.
 */
import type { AgentAdapter, AgentCapabilities, AgentOrder, AgentSession, HintDelivery } from '../agent.ts';
import { sessionThatFailed, startChildSession, type Conversation, type Mouth } from '../child-session.ts';
import { lendLogin, returnLogin } from '../login-files.ts';
import { argumentsFor, environmentNames, ownVariables, thinkingVariables, writeMcpFile } from './command-line.ts';
import { claudeLogin, keyNames } from './login.ts';
import { claudeFault, claudeVersion, findClaude } from './program.ts';
import { claudeReader } from './reader.ts';

export const claudeAdapter: AgentAdapter = {
  name: 'claude',
  environmentNames,
  isolated: true,
  capabilities,
  fault: async (settings, directory) => claudeFault(settings, { directory, path: process.env['PATH'] ?? '' }),
  version: async (settings, directory) => claudeVersion(settings, { directory, path: process.env['PATH'] ?? '' }),
  start,
  reader: () => claudeReader(),
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
  const { settings, directory, directories, mcp } = order;
  const program = findClaude(settings, { directory, path: order.environment['PATH'] ?? '' });
  if ('fault' in program) return sessionThatFailed(program.fault);
  const files = keyNames.some((name) => (order.environment[name] ?? '') !== '') ? [] : claudeLogin;
  const lent = lendLogin(files, directories);
  const mcpFile = mcp === null ? '' : writeMcpFile(directories.home, mcp);
  const reader = claudeReader(Date.now);
  return startChildSession({
    process: {
      command: program.path,
      args: [...program.args, ...argumentsFor(order, mcpFile)],
      cwd: order.workspace,
      environment: {
        ...thinkingVariables(order.thinking),
        ...order.environment,
        ...ownVariables,
        ORBIT_PROMPT: order.promptFile,
      },
      stdin: 'pipe',
    },
    input: { text: userMessage(order.prompt), close: false },
    onRaw: (line) => order.onRaw(line),
    interpret: (line, stream) => reader.read(line, stream),
    converse: (mouth) => {
      void mouth.gone.then(() => returnLogin(files, directories, lent));
      return converse(mouth);
    },
  });
}

function converse(mouth: Mouth): Conversation {
  let requests = 0;
  let isAsked = false;
  const request = (fields: Readonly<Record<string, unknown>>): boolean => {
    requests += 1;
    const line = { type: 'control_request', request_id: `orbit-${requests}`, request: fields };
    return mouth.say(`${JSON.stringify(line)}\n`);
  };
  return {
    heard(events, line): void {
      for (const event of events) {
        // After the end of a turn there is nothing left to interrupt, and the request is harmless.
        if (event.type === 'error' && event.critical) request({ subtype: 'interrupt' });
        // Cost and size of the context are told at the end of a turn; asked for, in the middle of it as well.
        if (event.type === 'tool-call' && !isAsked) isAsked = request({ subtype: 'get_usage', skip_behaviors: true });
      }
      if (line.text.includes('"control_response"')) isAsked = false;
    },
    hint: async (text): Promise<HintDelivery> => (mouth.say(userMessage(text)) ? 'now' : 'unsupported'),
    interrupt: async () => request({ subtype: 'interrupt' }),
    farewell: () => void request({ subtype: 'interrupt' }),
  };
}

function userMessage(text: string): string {
  return `${JSON.stringify({ type: 'user', message: { role: 'user', content: [{ type: 'text', text }] } })}\n`;
}
