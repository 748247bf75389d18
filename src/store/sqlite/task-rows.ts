/** Owns how tasks, their dependencies and their order stand in SQLite, and every query on them. */
import type { StackLook } from '../../core/early-start.ts';
import type { TaskKey } from '../../core/id.ts';
import type { Unblock } from '../../core/plan.ts';
import type { TaskStatus } from '../../core/status.ts';
import type { Task } from '../../core/task.ts';
import { metLevel, metLevelNeeded, standing, unmetDelta, type Change } from '../change.ts';
import { compareReady, wantedNames, type ReadyPlace } from '../claim-choice.ts';
import type { TaskQuery, TaskRecord } from '../store.ts';
import type { Database } from './database.ts';

interface TaskRow extends ReadyPlace {
  unmet: number;
  body: string;
}

const columns = 'number, unmet, score, body';

export function readTask(db: Database, key: TaskKey): TaskRecord | null {
  const row = db.get<TaskRow>(`SELECT ${columns} FROM task WHERE key = ?`, key);
  return row === undefined ? null : recordOf(row);
}

/** A new task and its dependencies; counted before it stands in the index of ready work, not after. */
export function insertTask(
  db: Database,
  task: Task,
  options: { needs: readonly TaskKey[]; unblock: Unblock; score: number },
): void {
  const { needs, unblock, score } = options;
  if (needs.length > 0) addDependencies(db, task.key, needs);
  const unmet = needs.length === 0 ? 0 : needs.length - countMet(db, task.key, unblock);
  db.run(
    `INSERT INTO task (key, plan, wanted, standing, met, unmet, retry_at, score, made_by, body)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    task.key,
    task.plan,
    task.agent ?? '',
    standing(task),
    metLevel(task),
    unmet,
    task.retryAt ?? 0,
    score,
    task.origin?.task ?? null,
    JSON.stringify(task),
  );
}

/** The tasks that attempts at this one made. */
export function madeBy(db: Database, key: TaskKey): Task[] {
  return db.all<TaskRow>(`SELECT ${columns} FROM task WHERE made_by = ?`, key).map((row) => recordOf(row).task);
}

function addDependencies(db: Database, key: TaskKey, needs: readonly TaskKey[]): void {
  db.run('INSERT INTO dependency (task, needs) SELECT ?, value FROM json_each(?)', key, JSON.stringify(needs));
}

function countMet(db: Database, key: TaskKey, unblock: Unblock): number {
  const sql =
    'SELECT count(*) AS met FROM task WHERE key IN (SELECT needs FROM dependency WHERE task = ?) AND met >= ?';
  return db.get<{ met: number }>(sql, key, metLevelNeeded(unblock))?.met ?? 0;
}

export function updateTask(db: Database, task: Task): void {
  db.run(
    'UPDATE task SET wanted = ?, standing = ?, met = ?, retry_at = ?, body = ? WHERE key = ?',
    task.agent ?? '',
    standing(task),
    metLevel(task),
    task.retryAt ?? 0,
    JSON.stringify(task),
    task.key,
  );
}

export function setScore(db: Database, key: TaskKey, score: number): void {
  db.run('UPDATE task SET score = ? WHERE key = ? AND score <> ?', score, key, score);
}

/** Replaces the dependencies of a task and counts anew. */
export function linkDependencies(db: Database, key: TaskKey, needs: readonly TaskKey[]): void {
  db.run('DELETE FROM dependency WHERE task = ?', key);
  addDependencies(db, key, needs);
  recount(db, 'key', key);
}

/** Sets `unmet` from the rows, of one task or of a whole plan. */
export function recount(db: Database, column: 'key' | 'plan', value: string): void {
  db.run(
    `UPDATE task SET unmet = counted.unmet FROM (
       SELECT mine.number, count(*) FILTER (
         WHERE dependency.needs IS NOT NULL
           AND coalesce(needed.met, 0) < CASE plan.unblock WHEN 'done' THEN ${metLevelNeeded('done')} ELSE ${metLevelNeeded('landed')} END
       ) AS unmet
       FROM task AS mine JOIN plan ON plan.id = mine.plan
       LEFT JOIN dependency ON dependency.task = mine.key LEFT JOIN task AS needed ON needed.key = dependency.needs
       WHERE mine.${column} = ? GROUP BY mine.number
     ) AS counted WHERE task.number = counted.number AND task.unmet <> counted.unmet`,
    value,
  );
}

/** Moves the `unmet` of all dependants, each by the rule of its own plan. */
export function moveDependants(db: Database, key: TaskKey, met: Change['met']): void {
  if (met.before === met.after) return;
  for (const unblock of ['done', 'landed'] satisfies Unblock[]) {
    const delta = unmetDelta(met, unblock);
    if (delta === 0) continue;
    db.run(
      `UPDATE task SET unmet = unmet + ? WHERE key IN (SELECT task FROM dependency WHERE needs = ?)
        AND plan IN (SELECT id FROM plan WHERE unblock = ?)`,
      delta,
      key,
      unblock,
    );
  }
}

export function dependantsOf(db: Database, key: TaskKey): TaskKey[] {
  const rows = db.all<{ task: TaskKey }>('SELECT task FROM dependency WHERE needs = ? ORDER BY task', key);
  return rows.map(({ task }) => task);
}

export function needsOf(db: Database, key: TaskKey): TaskKey[] {
  const rows = db.all<{ needs: TaskKey }>('SELECT needs FROM dependency WHERE task = ?', key);
  return rows.map(({ needs }) => needs);
}

/** What lies under a task that could be claimed; rows of its landed dependencies are not read. */
export function stackRows(db: Database): StackLook {
  const unlanded = `SELECT body FROM dependency CROSS JOIN task ON task.key = dependency.needs
    WHERE dependency.task = ? AND task.met = ${metLevelNeeded('done')}`;
  return {
    unlanded: ({ key }) => db.all<{ body: string }>(unlanded, key).map(({ body }) => JSON.parse(body) as Task),
    task: (key) => readTask(db, key)?.task ?? null,
  };
}

/** One look by key per plan: plans are few, an index of all bare ids would cost every task. */
export function keysOf(db: Database, id: string): TaskKey[] {
  const sql = `SELECT task.key FROM plan CROSS JOIN task ON task.key = plan.id || '/' || ? ORDER BY task.number`;
  return db.all<{ key: TaskKey }>(sql, id).map(({ key }) => key);
}

const ready = `standing = 'ready' AND unmet = 0 AND retry_at <= ? ORDER BY score DESC, number LIMIT ?`;

/** By the index that each walks; the predicates of the indexes stand in them word for word. */
export const readyQueries: Readonly<Record<'task_ready' | 'task_ready_wanted', string>> = {
  task_ready: `SELECT ${columns} FROM task INDEXED BY task_ready WHERE plan = ? AND ${ready}`,
  task_ready_wanted: `SELECT ${columns} FROM task INDEXED BY task_ready_wanted WHERE plan = ? AND wanted = ? AND ${ready}`,
};

/**
 * Tasks that could be claimed now, best first; scopes aside. One short range of a partial index per plan and wanted name,
 * merged here: no sort, and no row of another agent or a paused plan is ever looked at.
 */
export function readyTasks(
  db: Database,
  { plan, agent, limit }: { plan: string | null; agent: string | null; limit: number },
  now: number,
): (TaskRecord & ReadyPlace)[] {
  const open = db.all<{ id: string }>('SELECT id FROM plan WHERE paused = 0 ORDER BY number');
  const plans = open.filter(({ id }) => plan === null || id === plan);
  const rows = plans.flatMap(({ id }) => {
    if (agent === null) return db.all<TaskRow>(readyQueries.task_ready, id, now, limit);
    const sql = readyQueries.task_ready_wanted;
    return wantedNames(agent).flatMap((name) => db.all<TaskRow>(sql, id, name ?? '', now, limit));
  });
  const best = rows.sort(compareReady).slice(0, limit);
  return best.map((row) => ({ ...recordOf(row), number: row.number }));
}

/** In the order of plan and creation. */
export function selectTasks(db: Database, { plan, status, mayTake, limit }: TaskQuery, now: number): TaskRecord[] {
  const conditions: string[] = [];
  const values: (string | number)[] = [];
  const ask = (condition: string, ...more: (string | number)[]): void => {
    conditions.push(condition);
    values.push(...more);
  };
  if (plan !== undefined) ask('plan = ?', plan);
  if (mayTake !== undefined) {
    const names = wantedNames(mayTake).map((name) => name ?? '');
    ask(`wanted IN (${names.map(() => '?').join(', ')})`, ...names);
  }
  if (status !== undefined) {
    const parts = status.map((one) => statusCondition(one, now));
    ask(`(${parts.map(({ sql }) => sql).join(' OR ') || 'FALSE'})`, ...parts.flatMap(({ values: some }) => some));
  }
  const where = conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`;
  const sql = `SELECT ${columns} FROM task ${where} ORDER BY plan, number LIMIT ?`;
  return db.all<TaskRow>(sql, ...values, limit ?? -1).map(recordOf);
}

/** Keys of a plan's tasks with the score they have. */
export function tasksOfPlan(db: Database, plan: string): TaskRecord[] {
  return db.all<TaskRow>(`SELECT ${columns} FROM task WHERE plan = ? ORDER BY number`, plan).map(recordOf);
}

/** The same cases as core's `deriveStatus`, on the columns; the conformance suite compares the two. */
function statusCondition(status: TaskStatus, now: number): { sql: string; values: number[] } {
  if (status === 'blocked') return { sql: `(standing = 'ready' AND unmet > 0)`, values: [] };
  if (status === 'ready') return { sql: `(standing = 'ready' AND unmet = 0 AND retry_at <= ?)`, values: [now] };
  if (status !== 'waiting') return { sql: `standing = '${status}'`, values: [] };
  return { sql: `(standing = 'waiting' OR (standing = 'ready' AND unmet = 0 AND retry_at > ?))`, values: [now] };
}

function recordOf({ body, unmet, score }: TaskRow): TaskRecord {
  return { task: JSON.parse(body) as Task, unmet, score };
}
