/** The tools of an agent that works on one task. */
import type { Tool } from './tool.ts';
import { ask } from './tools/ask.ts';
import { block } from './tools/block.ts';
import { complete } from './tools/complete.ts';
import { createTask } from './tools/create-task.ts';
import { handoff } from './tools/handoff.ts';
import { myTask } from './tools/my-task.ts';
import { note } from './tools/note.ts';
import { progress } from './tools/progress.ts';
import { read } from './tools/read.ts';
import { searchNotes } from './tools/search-notes.ts';
import { send } from './tools/send.ts';
import { widenScope } from './tools/widen-scope.ts';

export const workerTools: readonly Tool[] = [
  myTask,
  progress,
  complete,
  ask,
  block,
  handoff,
  createTask,
  widenScope,
  note,
  searchNotes,
  send,
  read,
];
