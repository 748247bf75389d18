/**
 * The `codex` adapter: Codex as a server on standard input and output (`codex app-server`).
 *
 * One process holds one thread of many turns. A hint joins the running turn; its user message in the stream is the receipt.
 */
import type { AgentAdapter, AgentCapabilities, AgentOrder, AgentSession } from '../agent.ts';
import { sessionThatFailed, startChildSession } from '../child-session.ts';
import { keyNames, makeCodexHome, userConfig } from './home.ts';
import { codexFault, codexVersion, findCodex } from './program.ts';
import { codexReader } from './reader.ts';
import { retryLog } from './retries.ts';
import { converse } from './session.ts';

/** How the network is reached, where not directly. */
const networkNames: readonly string[] = [
  ...['HTTPS_PROXY', 'HTTP_PROXY', 'ALL_PROXY', 'NO_PROXY'].flatMap((name) => [name, name.toLowerCase()]),
  'CODEX_CA_CERTIFICATE',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
];

export const codexAdapter: AgentAdapter = {
  name: 'codex',
  environmentNames: [...keyNames, 'OPENAI_BASE_URL', ...networkNames],
  userEnvironmentNames: (userHome) => userConfig(userHome).environmentNames,
  isolated: true,
  capabilities,
  fault: async (settings, directory) => codexFault(settings, { directory, path: process.env['PATH'] ?? '' }),
  version: async (settings, directory) => codexVersion(settings, { directory, path: process.env['PATH'] ?? '' }),
  start,
  reader: () => codexReader(),
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
  const { environment, settings, directory } = order;
  const program = findCodex(settings, { directory, path: environment['PATH'] ?? '' });
  if ('fault' in program) return sessionThatFailed(program.fault);
  let home: string;
  try {
    home = makeCodexHome(order);
  } catch (error) {
    return sessionThatFailed(`the settings of Codex cannot be written: ${(error as Error).message}`);
  }
  const reader = codexReader();
  return startChildSession({
    process: {
      command: program.path,
      args: [...program.args, 'app-server', '--stdio'],
      cwd: order.workspace,
      environment: { ...environment, CODEX_HOME: home, RUST_LOG: retryLog, ORBIT_PROMPT: order.promptFile },
      stdin: 'pipe',
    },
    input: { text: '', close: false },
    onRaw: (line) => order.onRaw(line),
    interpret: (line, stream) => reader.read(line, stream),
    converse: (mouth) => converse({ order, mouth, line: () => reader.last() }),
  });
}
