/** Gemini `streamGenerateContent`: data lines without names, usage on every chunk. */
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

export const gemini: Wire = {
  name: 'gemini',
  matches: (path) => /\/models\/[^/]+:(stream)?[gG]enerateContent$/.test(path),
  read: (body, path) => {
    const system = body['systemInstruction'];
    return {
      model: /\/models\/([^/:]+):/.exec(path)?.[1] ?? '',
      stream: path.includes(':stream'),
      preamble: isRecord(system) ? textOf(system['parts']) : textOf(system),
      scripted: false,
      entries: recordsOf(body['contents']).flatMap(entriesOf),
      tools: recordsOf(body['tools'])
        .flatMap((tool) => recordsOf(tool['functionDeclarations']))
        .map((tool) => ({ name: stringOf(tool['name']), namespace: null, schema: schemaOf(tool) })),
    };
  },
  stream,
  whole: (reply, conversation) => chunk(reply, conversation, { parts: partsOf(reply), finishReason: 'STOP' }),
  fault: ({ status, kind, text, retryAfterS, extra }: Fault) => {
    const code = kind === 'context' ? 400 : status === 529 ? 503 : status;
    const [state, message] =
      kind === 'context'
        ? ['INVALID_ARGUMENT', tooLong]
        : (known[code] ?? ['INTERNAL', 'An internal error has occurred.']);
    const details =
      retryAfterS === null
        ? []
        : [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterS}s` }];
    return { error: { code, status: state, message: text ?? message, details, ...extra } };
  },
};

const tooLong = 'The input token count (1210033) exceeds the maximum number of tokens allowed (1048576).';

const known: Readonly<Record<number, readonly [string, string]>> = {
  401: ['UNAUTHENTICATED', 'API key not valid. Please pass a valid API key.'],
  403: ['PERMISSION_DENIED', 'The caller does not have permission.'],
  429: ['RESOURCE_EXHAUSTED', 'You exceeded your current quota.'],
  503: ['UNAVAILABLE', 'The model is overloaded. Please try again later.'],
};

function schemaOf(tool: Record<string, unknown>): ToolSchema {
  const schema = tool['parametersJsonSchema'] ?? tool['parameters'];
  return isRecord(schema) ? schema : {};
}

function entriesOf(content: Record<string, unknown>): Entry[] {
  return recordsOf(content['parts']).flatMap((part): Entry[] => {
    if (isRecord(part['functionResponse'])) {
      return [{ kind: 'result', text: JSON.stringify(part['functionResponse']['response'] ?? null) }];
    }
    if (typeof part['text'] !== 'string' || part['thought'] === true) return [];
    return [{ kind: content['role'] === 'model' ? 'assistant' : 'user', text: part['text'] }];
  });
}

function stream(reply: Reply, conversation: Conversation): Stream {
  const chunks: string[] = [];
  const add = (part: unknown): number =>
    chunks.push(data(chunk(reply, conversation, { parts: [part], finishReason: null })));
  if (reply.thought !== null) add({ text: reply.thought, thought: true });
  for (const piece of reply.pieces) add({ text: piece });
  for (const call of reply.calls) add(callPart(call.name, call.input));
  chunks.push(data(chunk(reply, conversation, { parts: [{ text: '' }], finishReason: 'STOP' })));
  return { chunks, head: 1 };
}

function partsOf(reply: Reply): unknown[] {
  const text = reply.pieces.join('');
  return [...(text === '' ? [] : [{ text }]), ...reply.calls.map((call) => callPart(call.name, call.input))];
}

function callPart(name: string, args: unknown): unknown {
  return { functionCall: { name, args }, thoughtSignature: 'c2lnbmVk' };
}

function chunk(
  reply: Reply,
  { model }: Conversation,
  { parts, finishReason }: { parts: readonly unknown[]; finishReason: string | null },
): Record<string, unknown> {
  const { input, output } = reply.usage;
  return {
    candidates: [{ index: 0, content: { role: 'model', parts }, ...(finishReason === null ? {} : { finishReason }) }],
    usageMetadata: { promptTokenCount: input, candidatesTokenCount: output, totalTokenCount: input + output },
    modelVersion: model,
    responseId: reply.id,
  };
}

function data(value: unknown): string {
  return `data: ${JSON.stringify(value)}\r\n\r\n`;
}
