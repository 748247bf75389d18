/**
 * Messages and findings: what agents and people say to each other, and what they record for all (I12).
 *
 * Owns ids and sizes; order and delivery are the store's.
 */
import { nameFault } from '../core/id.ts';
import { limits } from '../core/limits.ts';
import { UsageError } from '../platform/error.ts';
import { newId } from '../platform/ids.ts';
import type { Message, Note } from '../store/store.ts';
import type { Context } from './context.ts';
import { findTask } from './find-task.ts';

export async function sendMessage(
  context: Context,
  order: { to: string; text: string; task: string | null; id: string | null },
): Promise<Message> {
  refuseSize(order.text);
  if (order.id !== null) refuseLong('--id', order.id, limits.messageIdLengthMax);
  const to = order.to.replace(/^@/, '');
  const fault = to.startsWith('person:') ? null : nameFault(to);
  if (fault !== null)
    throw new UsageError(
      'bad-id',
      `${JSON.stringify(order.to.slice(0, 80))} cannot be a recipient: ${fault}`,
      'send to an agent such as claude-1, or to person',
    );
  const task = order.task === null ? taskOf(context) : (await findTask(context, order.task)).task.key;
  const at = context.clock.now();
  return context.store.send({ id: order.id ?? newId(at), from: nameOf(context), to, task, text: order.text, at });
}

/** @param to default: the caller. */
export async function readMessages(
  context: Context,
  order: { to: string | null; all: boolean; limit: number },
): Promise<Message[]> {
  return context.store.messages({ to: order.to ?? nameOf(context), all: order.all, limit: order.limit });
}

/** @param ids none: all that are not acknowledged yet. Answers how many were. */
export async function acknowledge(
  context: Context,
  order: { to: string | null; ids: readonly string[] },
): Promise<number> {
  const to = order.to ?? nameOf(context);
  const ids = order.ids.length > 0 ? order.ids : (await context.store.messages({ to })).map(({ id }) => id);
  return context.store.acknowledge(to, ids, context.clock.now());
}

export const noteKinds: readonly Note['kind'][] = ['decision', 'interface', 'gotcha', 'failed-approach', 'claim'];

export async function recordNote(
  context: Context,
  order: { kind: Note['kind']; title: string; text: string; paths: readonly string[]; task: string | null },
): Promise<Note> {
  refuseSize(order.text);
  refuseLong('the title', order.title, limits.titleLengthMax);
  for (const path of order.paths) refuseLong('--path', path, limits.scopeEntryLengthMax);
  const task = order.task === null ? taskOf(context) : (await findTask(context, order.task)).task.key;
  const at = context.clock.now();
  return context.store.note({ ...order, id: newId(at), author: nameOf(context), task, commit: null, at });
}

export async function findNotes(context: Context, order: { words: string; limit: number }): Promise<Note[]> {
  return context.store.notes(order);
}

/** How the caller is addressed: agents by their name, everybody at a keyboard as `person`. */
function nameOf({ caller }: Context): string {
  return caller.agent ?? 'person';
}

function taskOf({ caller }: Context): Message['task'] {
  return caller.kind === 'attempt' ? caller.task : null;
}

function refuseLong(what: string, text: string, lengthMax: number): void {
  if (text.length <= lengthMax) return;
  throw new UsageError('bad-flag', `${what} has ${text.length} characters, more than ${lengthMax}`, 'make it shorter');
}

function refuseSize(text: string): void {
  if (text.trim() === '')
    throw new UsageError(
      'missing-argument',
      'the text is empty',
      'write it behind the command, or pipe it to --text -',
    );
  const bytes = Buffer.byteLength(text);
  if (bytes > limits.messageBytesMax)
    throw new UsageError(
      'bad-flag',
      `the text has ${bytes} bytes; ${limits.messageBytesMax} are allowed`,
      'put it into a file and name the file',
    );
}
