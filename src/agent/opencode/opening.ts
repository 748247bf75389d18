/**
 * What comes before the first word: the session to talk in, and the models that there are.
 *
 * Each answers what it found, or in words why it cannot go on; the words go on after "OpenCode's server".
 */
import type { AgentOrder } from '../agent.ts';
import { ask, tellAnswer, type Question, type ServerAddress } from './client.ts';
import { parseObject, textOf } from './fields.ts';
import { readModels, type ModelName, type Models } from './models.ts';

/** The session to go on with, or a new one; a title of its own saves the model call that would make one. */
export async function openSession(
  server: ServerAddress,
  order: Pick<AgentOrder, 'resume' | 'environment' | 'workspace'>,
): Promise<{ session: string } | { fault: string }> {
  const { resume, environment, workspace } = order;
  const question: Question =
    resume === null
      ? { method: 'POST', path: '/session', body: { title: `Orbit ${environment['ORBIT_TASK'] ?? 'task'}` } }
      : { method: 'GET', path: `/session/${encodeURIComponent(resume)}` };
  const answer = await ask(server, question);
  if ('fault' in answer) return answer;
  const { id, directory } = parseObject(answer.body) ?? {};
  const session = textOf(id);
  if (answer.status !== 200 || session === '') return { fault: `has no session to talk in: ${tellAnswer(answer)}` };
  return resume === null || directory === workspace ? { session } : moveSession(server, { session, workspace });
}

/** A session goes on in the directory it was made for, unheard from here, unless it is moved: the next attempt has its own. */
async function moveSession(
  server: ServerAddress,
  { session, workspace }: { session: string; workspace: string },
): Promise<{ session: string } | { fault: string }> {
  const body = { sessionID: session, destination: { directory: workspace }, moveChanges: false };
  const path = '/experimental/control-plane/move-session';
  const answer = await ask(server, { method: 'POST', path, body });
  if (!('fault' in answer) && answer.status === 204) return { session };
  return { fault: `cannot go on with its session in another directory: ${tellAnswer(answer)}` };
}

/** Fails only for a model that nobody has: what models hold is good to know, no more. */
export async function learnModels(
  server: ServerAddress,
  wanted: string | null,
): Promise<{ models: Models; model: ModelName | null } | { fault: string }> {
  const answer = await ask(server, { method: 'GET', path: '/config/providers' });
  const models = readModels('fault' in answer || answer.status !== 200 ? '' : answer.body);
  const model = wanted === null ? null : models.find(wanted);
  return wanted !== null && model === null
    ? { fault: `knows no model ${JSON.stringify(wanted)}; write it as provider/model` }
    : { models, model };
}
