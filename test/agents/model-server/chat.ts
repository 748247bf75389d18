/** OpenAI chat completions, as OpenCode, Copilot and Qwen Code speak them. */
import {
  isRecord,
  recordsOf,
  stringOf,
  textOf,
  type Conversation,
  type Entry,
  type Reply,
  type Stream,
  type ToolSchema,
  type Wire,
} from './conversation.ts';
import { openAiFault } from './openai-fault.ts';

export const chat: Wire = {
  name: 'chat',
  matches: (path) => path.endsWith('/chat/completions'),
  read: (body) => ({
    model: stringOf(body['model']),
    stream: body['stream'] === true,
    preamble: recordsOf(body['messages'])
      .filter((message) => message['role'] === 'system' || message['role'] === 'developer')
      .map((message) => textOf(message['content']))
      .join('\n'),
    scripted: false,
    entries: recordsOf(body['messages']).flatMap(entriesOf),
    tools: recordsOf(body['tools']).flatMap((tool) => {
      const description = tool['function'];
      if (!isRecord(description)) return [];
      const schema = isRecord(description['parameters']) ? (description['parameters'] as ToolSchema) : {};
      return [{ name: stringOf(description['name']), namespace: null, schema }];
    }),
  }),
  stream,
  whole: (reply, conversation) => ({
    ...head(reply, conversation, 'chat.completion'),
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: reply.pieces.join(''), tool_calls: toolCalls(reply) },
        finish_reason: finish(reply),
      },
    ],
    usage: usage(reply),
  }),
  fault: openAiFault,
};

function entriesOf(message: Record<string, unknown>): Entry[] {
  const text = textOf(message['content']);
  switch (message['role']) {
    case 'tool':
      return [{ kind: 'result', text }];
    case 'assistant':
      return text === '' ? [] : [{ kind: 'assistant', text }];
    case 'user':
      return [{ kind: 'user', text }];
    default:
      return [];
  }
}

function stream(reply: Reply, conversation: Conversation): Stream {
  const chunk = (delta: unknown, finishReason: string | null = null): string =>
    data({
      ...head(reply, conversation, 'chat.completion.chunk'),
      choices: [{ index: 0, delta, finish_reason: finishReason }],
    });
  const chunks = [chunk({ role: 'assistant', content: '' })];
  if (reply.thought !== null) chunks.push(chunk({ reasoning_content: reply.thought }));
  for (const piece of reply.pieces) chunks.push(chunk({ content: piece }));
  toolCalls(reply)?.forEach((call, index) => chunks.push(chunk({ tool_calls: [{ index, ...call }] })));
  chunks.push(
    chunk({}, finish(reply)),
    data({ ...head(reply, conversation, 'chat.completion.chunk'), choices: [], usage: usage(reply) }),
    'data: [DONE]\n\n',
  );
  return { chunks, head: 2 };
}

function toolCalls(reply: Reply): Record<string, unknown>[] | undefined {
  if (reply.calls.length === 0) return undefined;
  return reply.calls.map((call, index) => ({
    id: `call_${reply.id}_${index}`,
    type: 'function',
    function: { name: call.name, arguments: JSON.stringify(call.input) },
  }));
}

function head(reply: Reply, conversation: Conversation, object: string): Record<string, unknown> {
  return { id: `chatcmpl-${reply.id}`, object, created: 1_700_000_000, model: conversation.model };
}

function finish(reply: Reply): string {
  return reply.calls.length > 0 ? 'tool_calls' : 'stop';
}

function usage(reply: Reply): Record<string, number> {
  const { input, output } = reply.usage;
  return { prompt_tokens: input, completion_tokens: output, total_tokens: input + output };
}

function data(value: unknown): string {
  return `data: ${JSON.stringify(value)}\n\n`;
}
