/** Tasks: lists, one with all that is known, and what a person does with it. */
import { z } from 'zod';
import { createTask, editTask, type TaskFields } from '../../actions/change-task.ts';
import { explainTask } from '../../actions/explain-task.ts';
import { findTask } from '../../actions/find-task.ts';
import { listTasks } from '../../actions/list-tasks.ts';
import { presentTask } from '../../actions/present-task.ts';
import { showChange } from '../../actions/show-change.ts';
import { viewTasks } from '../../actions/task-view.ts';
import type { Context } from '../../actions/context.ts';
import { isRejection } from '../../core/rejection.ts';
import { everybody, people } from '../access.ts';
import { task, taskDetail, taskStatus, why } from '../contract.ts';
import { createTaskOrder, editTaskOrder, taskActionOrder } from '../contract/orders.ts';
import { change, steered } from '../contract/views.ts';
import { pageFrom, pageOf, pageQuery } from '../page.ts';
import { route, type Route } from '../route.ts';
import { doTaskAction } from './task-action.ts';

const params = z.object({ plan: z.string().max(64), task: z.string().max(64) });
type Named = z.output<typeof params>;

/** The last event of a task: nothing about it changes without one. */
async function versionOf({ context, params: named }: { context: Context; params: Named }): Promise<string> {
  const { key } = (await findTask(context, named.task, named.plan)).task;
  const events = await context.store.events({ since: 0, task: key });
  return `t${events.at(-1)?.seq ?? 0}`;
}

async function viewOf(context: Context, named: Named): Promise<z.input<typeof task>> {
  const [view] = await viewTasks(context, [await findTask(context, named.task, named.plan)]);
  return view as z.input<typeof task>;
}

export const taskRoutes: readonly Route[] = [
  route({
    method: 'get',
    path: '/api/tasks',
    who: everybody,
    noun: 'tasks',
    summary: 'Tasks in the order of their plans.',
    query: z.object({
      plan: z.string().max(64).optional(),
      status: z
        .string()
        .max(200)
        .transform((words) => words.split(','))
        .pipe(z.array(taskStatus))
        .optional(),
      agent: z.string().max(64).optional(),
      parent: z.string().max(64).optional(),
      ...pageQuery(5_000),
    }),
    answer: pageOf(task),
    async handle({ context, query: { plan = null, status, agent = null, parent, ...page } }) {
      const all = await listTasks(context, {
        plan,
        agent,
        ...(status === undefined ? {} : { status }),
        ...(parent === undefined ? {} : { parent }),
      });
      return pageFrom(all, page, ({ key }) => key);
    },
  }),
  route({
    method: 'get',
    path: '/api/tasks/{plan}/{task}',
    who: everybody,
    noun: 'tasks',
    summary: 'Everything known about a task: what was asked, its facts, its attempts, its last events.',
    params,
    answer: taskDetail,
    version: versionOf,
    async handle({ context, params: named }) {
      return presentTask(context, named);
    },
  }),
  route({
    method: 'get',
    path: '/api/tasks/{plan}/{task}/change',
    who: everybody,
    noun: 'tasks',
    summary: 'What its work changes, file by file: what was proven, else the last that an attempt has.',
    params,
    answer: change,
    async handle({ context, params: named }) {
      return showChange(context, named);
    },
  }),
  route({
    method: 'post',
    path: '/api/tasks',
    who: people,
    noun: 'tasks',
    summary: 'Make a task.',
    body: createTaskOrder,
    answer: task,
    status: 201,
    async handle({ context, body: { plan = null, id = null, title, ...rest } }) {
      const made = await createTask(context, { plan, id, fields: { title, ...fieldsOf(rest) } });
      return isRejection(made) ? made : viewOf(context, made);
    },
  }),
  route({
    method: 'patch',
    path: '/api/tasks/{plan}/{task}',
    who: people,
    noun: 'tasks',
    summary: 'Change what it asks for.',
    params,
    body: editTaskOrder,
    answer: task,
    version: versionOf,
    async handle({ context, params: named, body }) {
      const made = await editTask(context, { ...named, fields: fieldsOf(body), pr: null });
      return isRejection(made) ? made : viewOf(context, named);
    },
  }),
  route({
    method: 'post',
    path: '/api/tasks/{plan}/{task}/actions',
    who: people,
    noun: 'tasks',
    summary:
      'Do something with it: nudge, retry, reassign, cancel, close, reopen, hold, resume, approve, reject, scope.',
    params,
    body: taskActionOrder,
    answer: steered,
    version: versionOf,
    async handle({ context, params: named, body }) {
      return doTaskAction(context, named, body);
    },
  }),
  route({
    method: 'get',
    path: '/api/tasks/{plan}/{task}/why',
    who: everybody,
    noun: 'tasks',
    summary: 'Why it stands where it stands: by which rule, since when, who holds it, what would free it.',
    params,
    answer: why,
    async handle({ context, params: named }) {
      const { score, ...rest } = await explainTask(context, named);
      return { ...rest, score: score === null ? null : { ...score } };
    },
  }),
];

/** The contract says description, the domain body. */
function fieldsOf({ description, ...rest }: z.output<typeof editTaskOrder>): TaskFields {
  const given = Object.entries({ ...rest, body: description }).filter(([, value]) => value !== undefined);
  return Object.fromEntries(given);
}
