/** The tools of somebody who only looks: they change nothing. */
import type { Tool } from './tool.ts';
import { listTasks } from './tools/list-tasks.ts';
import { readyTasks } from './tools/ready-tasks.ts';
import { showTask } from './tools/show-task.ts';
import { whyTask } from './tools/why-task.ts';

export const observerTools: readonly Tool[] = [listTasks, readyTasks, showTask, whyTask];
