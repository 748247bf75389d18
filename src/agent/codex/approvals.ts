/**
 * Answers to what `codex app-server` asks its client.
 *
 * Codex is told never to ask (`approvalPolicy`), but a request without an answer would hold it up for ever, so each gets one: what
 * Orbit's workspace allows anyway is allowed, questions to a person are sent back to the model, and what only a client with an
 * account could do is refused.
 */
import { fieldsIn, listIn, nameIn, type Fields } from '../fields.ts';
import { lineOf } from './requests.ts';

/** The line that answers a request of the server, or `null` if the line is no request. */
export function answerTo(line: Fields): string | null {
  const { id, method } = line;
  if (typeof method !== 'string' || (typeof id !== 'number' && typeof id !== 'string')) return null;
  const answer = Object.hasOwn(answers, method) ? answers[method] : undefined;
  if (answer !== undefined) return lineOf({ id, result: answer(fieldsIn(line['params'])) });
  return lineOf({ id, error: { code: -32_601, message: `Orbit does not answer ${method.slice(0, 128)}` } });
}

const nobodyThere = 'Nobody can answer. Decide by yourself, or report with "orbit block" what you need to know.';

const answers: Readonly<Record<string, (params: Fields) => Fields>> = {
  'item/commandExecution/requestApproval': () => ({ decision: 'accept' }),
  'item/fileChange/requestApproval': () => ({ decision: 'accept' }),
  'item/permissions/requestApproval': ({ permissions }) => ({ permissions: fieldsIn(permissions), scope: 'turn' }),
  execCommandApproval: () => ({ decision: 'approved' }),
  applyPatchApproval: () => ({ decision: 'approved' }),
  'item/tool/requestUserInput': ({ questions }) => {
    const ids = listIn(questions).flatMap((question) => nameIn(fieldsIn(question)['id']) ?? []);
    return { answers: Object.fromEntries(ids.map((id) => [id, { answers: [nobodyThere] }])) };
  },
  // Orbit's own server asks nothing, so this is one that the user brought; what it wants to know, only they can say.
  'mcpServer/elicitation/request': () => ({ action: 'decline', content: null, _meta: null }),
};
