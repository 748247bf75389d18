/**
 * OpenAI responses, as Codex speaks them, in both shapes: tools of their own (unknown model), or one `exec` tool that runs
 * JavaScript with the others as functions (known model).
 */
import {
  isRecord,
  recordsOf,
  stringOf,
  textOf,
  type Call,
  type Conversation,
  type Entry,
  type Reply,
  type Stream,
  type Tool,
  type Wire,
} from './conversation.ts';
import { openAiFault } from './openai-fault.ts';

export const responses: Wire = {
  name: 'responses',
  matches: (path) => path.endsWith('/responses'),
  read: (body) => {
    const input =
      typeof body['input'] === 'string' ? [{ role: 'user', content: body['input'] }] : recordsOf(body['input']);
    const direct = recordsOf(body['tools']).flatMap((tool) => toolsOf(tool, null));
    const added = input.filter((item) => item['type'] === 'additional_tools').flatMap((item) => toolsOf(item, null));
    return {
      model: stringOf(body['model']),
      stream: body['stream'] === true,
      preamble: stringOf(body['instructions']),
      scripted: direct.length === 0 && added.length > 0,
      entries: input.flatMap(entriesOf),
      tools: [...direct, ...added],
    };
  },
  stream,
  whole: (reply, conversation) => response(reply, conversation, 'completed'),
  fault: openAiFault,
};

/** A tool, or those of a namespace. */
function toolsOf(tool: Record<string, unknown>, namespace: string | null): Tool[] {
  if (Array.isArray(tool['tools'])) {
    const inside = tool['type'] === 'namespace' ? stringOf(tool['name']) : namespace;
    return recordsOf(tool['tools']).flatMap((each) => toolsOf(each, inside));
  }
  const name = stringOf(tool['name']);
  if (name === '') return [];
  return [{ name, namespace, schema: isRecord(tool['parameters']) ? tool['parameters'] : {} }];
}

function entriesOf(item: Record<string, unknown>): Entry[] {
  const type = item['type'] ?? 'message';
  if (type === 'function_call_output' || type === 'custom_tool_call_output') {
    return [{ kind: 'result', text: textOf(item['output']) }];
  }
  if (type !== 'message') return [];
  const parts =
    typeof item['content'] === 'string'
      ? [item['content']]
      : recordsOf(item['content']).map((part) => stringOf(part['text']));
  return parts.map((text): Entry => {
    if (item['role'] === 'assistant') return { kind: 'assistant', text };
    return { kind: item['role'] === 'user' && !text.trimStart().startsWith('<') ? 'user' : 'system', text };
  });
}

function stream(reply: Reply, conversation: Conversation): Stream {
  let sequence = 0;
  const chunks: string[] = [];
  const emit = (type: string, data: Record<string, unknown>): void => {
    chunks.push(`event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: sequence, ...data })}\n\n`);
    sequence += 1;
  };
  emit('response.created', { response: response(reply, conversation, 'in_progress') });
  let head = 2;
  itemsOf(reply, conversation).forEach((item, index) => {
    emit('response.output_item.added', {
      output_index: index,
      item: { ...item, status: 'in_progress', ...(item['type'] === 'message' ? { content: [] } : {}) },
    });
    if (item['type'] === 'message') {
      const at = { item_id: item['id'], output_index: index, content_index: 0 };
      emit('response.content_part.added', { ...at, part: { type: 'output_text', text: '', annotations: [] } });
      for (const delta of reply.pieces) emit('response.output_text.delta', { ...at, delta });
      emit('response.output_text.done', { ...at, text: reply.pieces.join('') });
      head = Math.max(head, 4);
    }
    if (item['type'] === 'function_call') {
      const at = { item_id: item['id'], output_index: index };
      emit('response.function_call_arguments.delta', { ...at, delta: item['arguments'] });
      emit('response.function_call_arguments.done', { ...at, arguments: item['arguments'] });
    }
    emit('response.output_item.done', { output_index: index, item });
  });
  emit('response.completed', { response: response(reply, conversation, 'completed') });
  return { chunks, head };
}

function itemsOf(reply: Reply, conversation: Conversation): Record<string, unknown>[] {
  const items: Record<string, unknown>[] = [];
  if (reply.thought !== null) {
    items.push({ type: 'reasoning', id: `rs_${reply.id}`, summary: [{ type: 'summary_text', text: reply.thought }] });
  }
  if (reply.pieces.length > 0) {
    const text = reply.pieces.join('');
    items.push({
      type: 'message',
      id: `msg_${reply.id}`,
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text, annotations: [] }],
    });
  }
  reply.calls.forEach((call, index) => {
    const id = `${reply.id}_${index}`;
    const common = { id: `fc_${id}`, call_id: `call_${id}`, status: 'completed' };
    items.push(
      conversation.scripted
        ? { type: 'custom_tool_call', ...common, name: 'exec', input: script(call) }
        : {
            type: 'function_call',
            ...common,
            name: call.name,
            ...(call.namespace === null ? {} : { namespace: call.namespace }),
            arguments: JSON.stringify(call.input),
          },
    );
  });
  return items;
}

/** The call as JavaScript for the `exec` tool; `text()` puts what it returns into the result. */
function script(call: Call): string {
  const name =
    call.namespace === null || !call.namespace.startsWith('mcp__') ? call.name : `${call.namespace}__${call.name}`;
  return `const result = await tools[${JSON.stringify(name)}](${JSON.stringify(call.input)});\ntext(typeof result === 'string' ? result : JSON.stringify(result));`;
}

function response(reply: Reply, conversation: Conversation, status: string): Record<string, unknown> {
  const { input, output } = reply.usage;
  const done = status === 'completed';
  return {
    id: `resp_${reply.id}`,
    object: 'response',
    created_at: 1_700_000_000,
    status,
    model: conversation.model,
    output: done ? itemsOf(reply, conversation) : [],
    usage: done
      ? {
          input_tokens: input,
          input_tokens_details: { cached_tokens: 0 },
          output_tokens: output,
          output_tokens_details: { reasoning_tokens: 0 },
          total_tokens: input + output,
        }
      : null,
  };
}
