/** The error body that both OpenAI wires share. */
import type { Fault } from './conversation.ts';

export function openAiFault({ status, kind, text, extra }: Fault): unknown {
  if (kind === 'context') {
    const message =
      text ?? "This model's maximum context length is 200000 tokens. However, your messages resulted in 210033 tokens.";
    return {
      error: { message, type: 'invalid_request_error', param: 'messages', code: 'context_length_exceeded', ...extra },
    };
  }
  const [type, code, message] = known[status] ?? [
    'server_error',
    null,
    'The server had an error while processing your request.',
  ];
  return { error: { message: text ?? message, type, param: null, code, ...extra } };
}

const known: Readonly<Record<number, readonly [string, string | null, string]>> = {
  401: ['invalid_request_error', 'invalid_api_key', 'Incorrect API key provided.'],
  403: ['invalid_request_error', 'forbidden', 'You are not allowed to use this model.'],
  429: ['requests', 'rate_limit_exceeded', 'Rate limit reached for requests.'],
  529: ['overloaded_error', null, 'Overloaded'],
};
