/**
 * The `acp` adapter: any agent that speaks the Agent Client Protocol, version 1, and gemini, copilot and qwen by name.
 *
 * One adapter under four names: what differs between programs is a launch (how it is started) and traits (how it takes what is
 * said). Pipes, bounds and the end of the tree are those of every agent that is a child process.
 */
import type { AgentAdapter, AgentCapabilities, AgentOrder, AgentSession, StreamReader } from '../agent.ts';
import { sessionThatFailed, startChildSession } from '../child-session.ts';
import { lendLogin, returnLogin } from '../login-files.ts';
import { acpTalk } from './conversation.ts';
import { launches, launchOrder, type AcpName, type Launch } from './launch.ts';
import { acpFault, acpVersion, findAcpProgram } from './program.ts';
import { copilotReader } from './native-copilot.ts';
import { geminiReader } from './native-gemini.ts';
import { qwenReader } from './native-qwen.ts';
import { acpReader } from './reader.ts';

export function acpAdapter(name: AcpName): AgentAdapter {
  const launch = launches[name];
  const where = (directory: string): { directory: string; path: string } => ({
    directory,
    path: process.env['PATH'] ?? '',
  });
  return {
    name,
    environmentNames: launch.environmentNames,
    isolated: true,
    capabilities: () => capabilities(name, launch),
    fault: async (settings, directory) => acpFault(settings, launch, where(directory)),
    version: async (settings, directory) => acpVersion(settings, launch, where(directory)),
    start: async (order) => start(order, launch),
    reader: () => readerOf(name),
  };
}

function capabilities(name: AcpName, { takesThinking }: Launch): AgentCapabilities {
  return {
    // Of a program that is only known by its command it is told when it has said who it is; each hint then tells how soon.
    hint: name === 'qwen' ? 'now' : 'next-turn',
    interrupt: true,
    // Gemini lists no session that it made under this protocol (measured); a new one then begins.
    resume: name !== 'gemini',
    usage: true,
    exitIsReport: false,
    turns: true,
    mcp: true,
    thinking: takesThinking,
  };
}

/** For replay: a stream of the protocol, or of the program's own format. */
function readerOf(name: AcpName): StreamReader {
  const native = natives[name];
  return acpReader(native === undefined ? { now: Date.now } : { now: Date.now, native: () => native(Date.now) });
}

const natives: Partial<Readonly<Record<AcpName, (now: () => number) => StreamReader>>> = {
  gemini: geminiReader,
  copilot: copilotReader,
  qwen: qwenReader,
};

async function start(order: AgentOrder, launch: Launch): Promise<AgentSession> {
  const { settings, directory, directories, environment } = order;
  const program = findAcpProgram(settings, launch, { directory, path: environment['PATH'] ?? '' });
  if ('fault' in program) return sessionThatFailed(program.fault);
  const fault = launch.fault(environment);
  if (fault !== null) return sessionThatFailed(fault);
  const files = launch.login(environment);
  const lent = lendLogin(files, directories);
  const own = launch.prepare(launchOrder(order));
  const talk = acpTalk(order, launch, acpReader({ now: Date.now }));
  return startChildSession({
    process: {
      command: program.command,
      args: [...program.args, ...launch.args(launchOrder(order))],
      cwd: order.workspace,
      environment: { ...environment, ...own, ORBIT_PROMPT: order.promptFile },
      stdin: 'pipe',
    },
    input: { text: '', close: false },
    onRaw: (line) => order.onRaw(line),
    interpret: (line, stream) => talk.interpret(line, stream),
    converse(mouth) {
      void mouth.gone.then(() => returnLogin(files, directories, lent));
      return talk.conversation(mouth);
    },
  });
}
