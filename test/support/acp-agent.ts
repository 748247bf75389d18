/**
 * A tiny agent that speaks ACP, for what no real program can be made to do at will: `node acp-agent.ts <part> [name]`.
 *
 * Plain JSON-RPC by hand, so that it can also break the rules. Every part answers a prompt with a word of its own.
 */
import { lineSplitter } from '../../src/agent/lines.ts';

type Fields = Record<string, unknown>;

const [part = 'plain', name = 'tiny-agent'] = process.argv.slice(2);
const prompts: { id: unknown; text: string }[] = [];
const asked = new Map<unknown, (message: Fields) => void>();

const send = (message: Fields): void =>
  void process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
const answer = (id: unknown, result: Fields): void => send({ id, result });
const refuse = (id: unknown, code: number, message: string): void => send({ id, error: { code, message } });
const update = (fields: Fields): void =>
  send({ method: 'session/update', params: { sessionId: 's1', update: fields } });
const say = (text: string): void => update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
const ask = (id: unknown, method: string, params: Fields): Promise<Fields> => {
  send({ id, method, params });
  return new Promise((resolve) => asked.set(id, resolve));
};
const endTurn = (id: unknown, stopReason = 'end_turn'): void => answer(id, { stopReason });

const handlers: Record<string, (id: unknown, params: Fields) => void> = {
  initialize: (id) => {
    if (part === 'silent') return;
    if (part === 'dies') process.exit(3);
    answer(id, {
      protocolVersion: part === 'other-version' ? 2 : 1,
      agentInfo: { name, version: '9.9.9' },
      agentCapabilities: { loadSession: part !== 'no-load' },
      ...(part === 'steers' ? { _meta: { steering: { supported: true } } } : {}),
    });
  },
  'session/new': (id) => {
    if (part === 'no-login') return refuse(id, -32_000, 'Authentication required');
    answer(id, {
      sessionId: 's1',
      modes: { currentModeId: 'ask', availableModes: [{ id: 'ask' }, { id: 'agent-full-access' }, { id: 'yolo' }] },
    });
  },
  'session/load': (id) => {
    if (part === 'forgets') return refuse(id, -32_603, 'No previous sessions found');
    update({ sessionUpdate: 'user_message_chunk', content: { type: 'text', text: 'what was said' } });
    say('what was answered\n');
    update({ sessionUpdate: 'tool_call', toolCallId: 'old', title: 'old', status: 'completed' });
    answer(id, {});
  },
  'session/set_mode': (id, params) => {
    say(`mode ${String(params['modeId'])}\n`);
    answer(id, {});
  },
  'session/cancel': () => {
    for (const prompt of prompts.splice(0)) endTurn(prompt.id, 'cancelled');
  },
  '_session/steering': (id, params) => {
    say(`steered by ${textOf(params)}\n`);
    answer(id, { outcome: 'injected' });
    for (const prompt of prompts.splice(0)) endTurn(prompt.id);
  },
  'session/prompt': (id, params) => void play(id, textOf(params)),
};

const words: Record<string, (id: unknown, text: string) => void | Promise<void>> = {
  /** A second prompt joins: the first is answered at once, the turn goes on. */
  joins: (id, text) => {
    prompts.push({ id, text });
    const first = prompts.shift();
    if (prompts.length === 0) {
      prompts.push({ id, text });
      return say('at work\n');
    }
    answer(first?.id, { stopReason: 'end_turn', usage: { totalTokens: 0 } });
    say(`joined by ${text}\n`);
    for (const prompt of prompts.splice(0)) endTurn(prompt.id);
  },
  asks: async (id) => {
    const options = [
      { optionId: 'no', name: 'No', kind: 'reject_once' },
      { optionId: 'once', name: 'Once', kind: 'allow_once' },
    ];
    const call = { toolCallId: 't1', title: 'risky' };
    const leave = await ask('p1', 'session/request_permission', { sessionId: 's1', toolCall: call, options });
    const file = await ask('p2', 'fs/read_text_file', { sessionId: 's1', path: '/etc/hostname' });
    say(`${JSON.stringify(leave['result'])} ${JSON.stringify(file['error'])}\n`);
    endTurn(id);
  },
  hostile: (id) => {
    process.stdout.write(
      `${'x'.repeat(3_000_000)}\n{"jsonrpc":"2.0","id":77,"result":{}}\n{"jsonrpc":"2.0"\n[]\n\u0000\n`,
    );
    process.stdout.write(Buffer.from([0xff, 0xfe, 0x0a]));
    send({ method: 'session/update', params: null });
    send({ id: null, method: 'session/request_permission', params: 7 });
    say('still here\n');
    endTurn(id);
  },
  empty: (id) => endTurn(id),
};

async function play(id: unknown, text: string): Promise<void> {
  const act = words[part];
  if (act !== undefined) return act(id, text);
  if (text.includes('go on')) {
    say(`got: ${text}\n`);
    return endTurn(id);
  }
  prompts.push({ id, text });
  say('at work\n');
}

function textOf(params: Fields): string {
  return (params['prompt'] as { text?: string }[]).map((block) => block.text ?? '').join('');
}

const lines = lineSplitter({
  onLine: ({ text }) => {
    const message = JSON.parse(text) as Fields;
    const { id, method } = message;
    if (typeof method !== 'string') return asked.get(id)?.(message);
    const handler = handlers[method];
    if (handler === undefined) refuse(id, -32_601, 'Method not found');
    else handler(id, (message['params'] ?? {}) as Fields);
  },
});
process.stdin.on('data', (chunk: Buffer) => lines.push(chunk));
