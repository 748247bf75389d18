/** A bare MCP client: lines of JSON-RPC over the pipes of a real `orbit mcp`, without any library between. */
import { spawn } from 'node:child_process';
import { onTestFinished } from 'vitest';
import { bundle } from './e2e.ts';

export interface Reply {
  id: string | number | null;
  result?: Record<string, unknown> & { isError?: boolean; structuredContent?: Record<string, unknown> };
  error?: { code: number; message: string };
}

export interface McpPipe {
  /** Writes as it is. */
  write: (text: string) => void;
  /** The next reply that nobody has taken yet. */
  next: () => Promise<Reply>;
  /** Sends a request and waits for its reply. */
  request: (method: string, params?: object) => Promise<Reply>;
  /** A call of a tool; the text of its result. */
  call: (name: string, args?: object) => Promise<{ isError: boolean; text: string; data: Record<string, unknown> }>;
  /** Ends the input; the exit code, and what was written to standard error. */
  end: () => Promise<{ code: number | null; stderr: string }>;
  /** Ends the server by force, as an agent's program that is killed takes it along. */
  kill: () => Promise<void>;
}

export function openMcp(order: {
  directory: string;
  environment: Readonly<Record<string, string>>;
  /** Flags. */
  args?: readonly string[];
}): McpPipe {
  const { directory, environment, args: flags = [] } = order;
  const child = spawn(process.execPath, [bundle, 'mcp', ...flags], { cwd: directory, env: environment, stdio: 'pipe' });
  onTestFinished(() => void child.kill('SIGKILL'));
  const replies: Reply[] = [];
  let [rest, stderr, ids] = ['', '', 0];
  let arrived = Promise.withResolvers<void>();
  child.stdin.on('error', () => {});
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    replies.push(...lines.map((line) => JSON.parse(line) as Reply));
    arrived.resolve();
  });
  const closed = new Promise<number | null>((resolve) => child.once('close', resolve));
  void closed.then(() => arrived.resolve());
  const take = async (wanted: (reply: Reply) => boolean): Promise<Reply> => {
    for (;;) {
      const at = replies.findIndex(wanted);
      if (at >= 0) return replies.splice(at, 1)[0] as Reply;
      if (child.exitCode !== null) throw new Error(`orbit mcp has ended: ${stderr}`);
      arrived = Promise.withResolvers();
      await arrived.promise;
    }
  };
  const pipe: McpPipe = {
    write: (text) => void child.stdin.write(text),
    next: async () => take(() => true),
    async request(method, params = {}) {
      const id = (ids += 1);
      child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', id, method, params })}\n`);
      return take((reply) => reply.id === id);
    },
    async call(name, args = {}) {
      const { result, error } = await pipe.request('tools/call', { name, arguments: args });
      if (result === undefined) throw new Error(error?.message);
      const [{ text } = { text: '' }] = result['content'] as { text: string }[];
      return { isError: result.isError === true, text, data: result.structuredContent ?? {} };
    },
    async end() {
      child.stdin.end();
      return { code: await closed, stderr };
    },
    async kill() {
      child.kill('SIGKILL');
      await closed;
    },
  };
  return pipe;
}

export async function greet(pipe: McpPipe, protocolVersion: string): Promise<Reply> {
  const clientInfo = { name: 'test', version: '1' };
  const reply = await pipe.request('initialize', { protocolVersion, capabilities: {}, clientInfo });
  pipe.write('{"jsonrpc":"2.0","method":"notifications/initialized"}\n');
  return reply;
}
