/** The tools of a manager (D1, D2): delegates to agents and follows them, and has none to edit, approve or land with. */
import type { Tool } from './tool.ts';
import { createTask } from './tools/create-task.ts';
import { listTasks } from './tools/list-tasks.ts';
import { executeParallel, getProgress, spawnSpecialist } from './tools/manager.ts';
import { listAgents, terminateAgent } from './tools/orchestrator/agents.ts';
import { read } from './tools/read.ts';
import { searchNotes } from './tools/search-notes.ts';
import { send } from './tools/send.ts';
import { showTask } from './tools/show-task.ts';
import { whyTask } from './tools/why-task.ts';

export const managerTools: readonly Tool[] = [
  spawnSpecialist,
  executeParallel,
  getProgress,
  listAgents,
  terminateAgent,
  listTasks,
  showTask,
  whyTask,
  createTask,
  send,
  read,
  searchNotes,
];
