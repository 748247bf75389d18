/** Anthropic messages, as Claude Code speaks them: reminders and results share a user message, hints come as `role: "system"`. */
import {
  isRecord,
  recordsOf,
  stringOf,
  textOf,
  type Conversation,
  type Entry,
  type Fault,
  type Reply,
  type Stream,
  type ToolSchema,
  type Wire,
} from './conversation.ts';

export const anthropic: Wire = {
  name: 'anthropic',
  matches: (path) => path.endsWith('/v1/messages'),
  read: (body) => ({
    model: stringOf(body['model']),
    stream: body['stream'] === true,
    preamble: textOf(body['system']),
    scripted: false,
    entries: recordsOf(body['messages']).flatMap(entriesOf),
    tools: recordsOf(body['tools']).map((tool) => ({
      name: stringOf(tool['name']),
      namespace: null,
      schema: isRecord(tool['input_schema']) ? (tool['input_schema'] as ToolSchema) : {},
    })),
  }),
  stream,
  whole: (reply, conversation) => ({
    ...message(reply, conversation),
    content: [
      ...(reply.pieces.length > 0 ? [{ type: 'text', text: reply.pieces.join('') }] : []),
      ...reply.calls.map((call, index) => ({
        type: 'tool_use',
        id: callId(reply, index),
        name: call.name,
        input: call.input,
      })),
    ],
    stop_reason: stopReason(reply),
    usage: usage(reply, reply.usage.output),
  }),
  fault: ({ status, kind, text, extra }: Fault) => ({
    type: 'error',
    error: {
      type: kind === 'context' ? 'invalid_request_error' : (types[status] ?? 'api_error'),
      message:
        text ??
        (kind === 'context'
          ? 'prompt is too long: 210033 tokens > 200000 maximum'
          : (words[status] ?? 'Internal server error')),
      ...extra,
    },
  }),
};

const types: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  429: 'rate_limit_error',
  529: 'overloaded_error',
};

const words: Readonly<Record<number, string>> = {
  401: 'invalid x-api-key',
  429: 'This request would exceed your account’s rate limit. Please try again later.',
  529: 'Overloaded',
};

function entriesOf(sent: Record<string, unknown>): Entry[] {
  const role = stringOf(sent['role']);
  const content = sent['content'];
  const blocks = typeof content === 'string' ? [{ type: 'text', text: content }] : recordsOf(content);
  return blocks.flatMap((block): Entry[] => {
    if (block['type'] === 'tool_result') return resultEntries(textOf(block['content']));
    if (block['type'] !== 'text') return [];
    const text = stringOf(block['text']);
    if (role === 'assistant') return [{ kind: 'assistant', text }];
    const reminder = role === 'system' || text.trimStart().startsWith('<system-reminder>');
    return [{ kind: reminder ? 'system' : 'user', text }];
  });
}

/** For models that know no system messages in the middle, a hint stands inside the result that it came with. */
function resultEntries(text: string): Entry[] {
  const hint = /<system-reminder>\s*(The user sent a new message[\s\S]*?)<\/system-reminder>/.exec(text)?.[1];
  return [{ kind: 'result', text }, ...(hint === undefined ? [] : [{ kind: 'system' as const, text: hint }])];
}

function stream(reply: Reply, conversation: Conversation): Stream {
  const chunks = [
    event('message_start', {
      message: { ...message(reply, conversation), content: [], stop_reason: null, usage: usage(reply, 1) },
    }),
  ];
  let index = 0;
  const block = (start: unknown, deltas: readonly unknown[]): void => {
    chunks.push(event('content_block_start', { index, content_block: start }));
    for (const delta of deltas) chunks.push(event('content_block_delta', { index, delta }));
    chunks.push(event('content_block_stop', { index }));
    index += 1;
  };
  if (reply.thought !== null) {
    block({ type: 'thinking', thinking: '', signature: '' }, [
      { type: 'thinking_delta', thinking: reply.thought },
      { type: 'signature_delta', signature: 'c2lnbmVk' },
    ]);
  }
  if (reply.pieces.length > 0) {
    block(
      { type: 'text', text: '' },
      reply.pieces.map((text) => ({ type: 'text_delta', text })),
    );
  }
  reply.calls.forEach((call, at) => {
    block({ type: 'tool_use', id: callId(reply, at), name: call.name, input: {} }, [
      { type: 'input_json_delta', partial_json: JSON.stringify(call.input) },
    ]);
  });
  chunks.push(
    event('message_delta', {
      delta: { stop_reason: stopReason(reply), stop_sequence: null },
      usage: usage(reply, reply.usage.output),
    }),
    event('message_stop', {}),
  );
  return { chunks, head: 3 };
}

function message(reply: Reply, conversation: Conversation): Record<string, unknown> {
  return { id: `msg_${reply.id}`, type: 'message', role: 'assistant', model: conversation.model, stop_sequence: null };
}

function usage(reply: Reply, output: number): Record<string, number> {
  return {
    input_tokens: reply.usage.input,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    output_tokens: output,
  };
}

function stopReason(reply: Reply): string {
  return reply.calls.length > 0 ? 'tool_use' : 'end_turn';
}

function callId(reply: Reply, index: number): string {
  return `toolu_${reply.id}_${index}`;
}

function event(type: string, data: Record<string, unknown>): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
}
