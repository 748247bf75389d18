/** Finds the program's own tool for a wish, by the names in the request, and fills in what its schema demands. */
import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Call, Conversation, Tool, ToolSchema, Wish } from './conversation.ts';

/** The call that grants a wish. A tool that is not in the request's list is called by its likely name all the same. */
export function callFor(wish: Wish, conversation: Conversation): Call {
  switch (wish.do) {
    case 'shell':
      return shellCall(wish.command, conversation);
    case 'write':
      return writeCall(wish.path, wish.text, conversation);
    case 'mcp':
      return mcpCall(wish.tool, wish.input, conversation);
    case 'tool': {
      const tool = conversation.tools.find((each) => each.name === wish.name);
      return { name: wish.name, namespace: tool?.namespace ?? null, input: filled(wish.input, tool?.schema) };
    }
  }
}

const shells = ['Bash', 'bash', 'exec_command', 'run_shell_command', 'shell_command', 'shell'];
/** Milliseconds that Codex waits before it hands back a command that still runs. */
const yieldMs = 120_000;

function shellCall(command: string, conversation: Conversation): Call {
  if (conversation.scripted)
    return { name: 'exec_command', namespace: null, input: { cmd: command, yield_time_ms: yieldMs } };
  const tool = firstOf(shells, conversation);
  const properties = tool?.schema.properties ?? {};
  const name = tool?.name ?? 'Bash';
  if (name === 'exec_command') return call(tool, name, { cmd: command, yield_time_ms: yieldMs });
  return call(tool, name, { command: properties['command']?.type === 'array' ? ['bash', '-lc', command] : command });
}

const writers = ['Write', 'write', 'write_file', 'create'];

function writeCall(path: string, text: string, conversation: Conversation): Call {
  const tool = firstOf(writers, conversation);
  const absolute = path.startsWith('/') ? path : inWorkspace(path, conversation);
  if (tool === undefined || absolute === null || conversation.scripted) {
    const quoted = `'${text.replaceAll("'", String.raw`'\''`)}'`;
    return shellCall(`mkdir -p '${dirname(path)}' && printf '%s\\n' ${quoted} > '${path}'`, conversation);
  }
  const properties = tool.schema.properties ?? {};
  const pathKey = ['file_path', 'filePath', 'path'].find((key) => key in properties) ?? 'file_path';
  const textKey = ['content', 'file_text', 'text'].find((key) => key in properties) ?? 'content';
  return call(tool, tool.name, { [pathKey]: absolute, [textKey]: `${text}\n` });
}

/** Programs want absolute paths, and tell the working directory somewhere in what they send. */
function inWorkspace(path: string, conversation: Conversation): string | null {
  const said = [conversation.preamble, ...conversation.entries.map((entry) => entry.text)];
  for (const text of said) {
    const found = places.exec(text)?.[1];
    if (found !== undefined && existsSync(found)) return `${found}/${path}`;
  }
  return null;
}

const places = /(?:working directory: |in the directory: |<cwd>|Workspace Directories:\*\*\s+- )(\/[^\s<>"'`]+)/i;

function mcpCall(bare: string, input: Readonly<Record<string, unknown>>, conversation: Conversation): Call {
  const endings = [`orbit__${bare}`, `orbit_${bare}`, `orbit-${bare}`, `__${bare}`, `_${bare}`, `-${bare}`];
  const tool =
    conversation.tools.find((each) => each.name === bare && each.namespace?.includes('orbit') === true) ??
    endings.map((end) => conversation.tools.find((each) => each.name.endsWith(end))).find((each) => each !== undefined);
  if (tool !== undefined) return call(tool, tool.name, input);
  return conversation.scripted
    ? { name: bare, namespace: 'mcp__orbit', input: { ...input } }
    : { name: `mcp__orbit__${bare}`, namespace: null, input: { ...input } };
}

function firstOf(names: readonly string[], conversation: Conversation): Tool | undefined {
  return names.map((name) => conversation.tools.find((tool) => tool.name === name)).find((tool) => tool !== undefined);
}

function call(tool: Tool | undefined, name: string, input: Readonly<Record<string, unknown>>): Call {
  return { name, namespace: tool?.namespace ?? null, input: filled(input, tool?.schema) };
}

function filled(input: Readonly<Record<string, unknown>>, schema: ToolSchema | undefined): Record<string, unknown> {
  const whole: Record<string, unknown> = { ...input };
  for (const key of schema?.required ?? []) {
    if (key in whole) continue;
    const property = schema?.properties?.[key];
    whole[key] = property?.enum?.[0] ?? defaults[String(property?.type)] ?? 'scripted';
  }
  return whole;
}

const defaults: Readonly<Record<string, unknown>> = { boolean: false, number: 1, integer: 1, array: [], object: {} };
