/**
 * The `scripted` adapter: a deterministic agent that needs no account (P13), for demos, tests and fault injection.
 *
 * It starts a real child process, Orbit's own program with the hidden verb `scripted-agent`, which speaks the json-lines
 * protocol. Nothing of it is simulated on this side: the pipes, the tree and the end are those of any agent.
 */
import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { AgentAdapter, AgentOrder, AgentSession, AgentSettings } from '../agent.ts';
import { sessionThatFailed, startChildSession } from '../child-session.ts';
import { eventText } from '../event-text.ts';
import { eventLineReader, hintLine, interruptLine, promptLine, readEventLine } from '../json-lines.ts';
import { readScript } from './script.ts';

/** @param options `program`: arguments for Node.js that start Orbit's command line, usually the path of `orbit.cjs`. */
export function scriptedAdapter(options: { program: readonly string[] }): AgentAdapter {
  return {
    name: 'scripted',
    environmentNames: [],
    isolated: false,
    capabilities: () => ({
      hint: 'now',
      interrupt: true,
      resume: false,
      usage: true,
      exitIsReport: false,
      turns: false,
      mcp: false,
      thinking: false,
    }),
    fault,
    version: async () => null,
    reader: eventLineReader,
    start: async (order) => start(order, options.program),
  };
}

async function fault(settings: AgentSettings, directory: string): Promise<string | null> {
  if (settings.script === undefined) return 'the setting "script" of this agent names no file';
  const file = resolve(directory, settings.script);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch {
    return `the script ${file} cannot be read`;
  }
  const script = readScript(text);
  return 'fault' in script ? `the script ${file} is wrong: ${script.fault}` : null;
}

async function start(order: AgentOrder, program: readonly string[]): Promise<AgentSession> {
  const { script } = order.settings;
  if (script === undefined) return sessionThatFailed('the setting "script" of this agent names no file');
  return startChildSession({
    process: {
      command: process.execPath,
      args: [...program, 'scripted-agent', resolve(order.directory, script)],
      cwd: order.workspace,
      environment: { ...order.environment, ORBIT_PROMPT: order.promptFile },
      stdin: 'pipe',
    },
    input: { text: promptLine(order.prompt, order.promptFile), close: false },
    onRaw: (line) => order.onRaw(line),
    interpret: (line, stream) => [
      (stream === 'out' ? readEventLine(line) : null) ?? {
        type: 'message',
        text: eventText(line.text, line.droppedBytes),
      },
    ],
    talk: { hint: hintLine, delivery: 'now', interrupt: interruptLine },
  });
}
