/**
 * Shared files: which tasks of a list write the same file, told from their scopes.
 *
 * Owns the pairs. For each file only neighbours are paired, since an order of neighbours orders them all; so the work is linear in
 * paths times their depth. A glob counts as the folder above its first star.
 */
import type { TaskDraft } from '../core/plan.ts';

export interface SharedFile {
  earlier: TaskDraft;
  later: TaskDraft;
  path: string;
}

export function sharedFiles(tasks: readonly TaskDraft[]): SharedFile[] {
  const pairs = new Map<string, SharedFile>();
  const lastOnFile = new Map<string, TaskDraft>();
  const lastOnFolder = new Map<string, TaskDraft>();
  const below = new Map<string, TaskDraft[]>();
  const pair = (earlier: TaskDraft | undefined, later: TaskDraft, path: string): void => {
    if (earlier !== undefined && earlier !== later) pairs.set(`${earlier.id} ${later.id}`, { earlier, later, path });
  };
  for (const task of tasks) {
    for (const glob of task.scope) {
      const star = glob.search(/[*?{]/);
      const path = star < 0 ? glob : glob.slice(0, glob.lastIndexOf('/', star) + 1);
      const above = foldersAbove(path);
      for (const folder of above) pair(lastOnFolder.get(folder), task, glob);
      if (star < 0) {
        pair(lastOnFile.get(path), task, path);
        lastOnFile.set(path, task);
      } else {
        // The latest first: an order with it often orders those before it too.
        for (const earlier of (below.get(path) ?? []).toReversed()) pair(earlier, task, glob);
        pair(lastOnFolder.get(path), task, glob);
        lastOnFolder.set(path, task);
        below.set(path, []);
      }
      for (const folder of above) {
        const tasksBelow = below.get(folder);
        if (tasksBelow === undefined) below.set(folder, [task]);
        else tasksBelow.push(task);
      }
    }
  }
  return [...pairs.values()];
}

/** `a/`, `a/b/` and the top (an empty text) for `a/b/c`. */
function foldersAbove(path: string): string[] {
  const folders = path === '' ? [] : [''];
  for (let at = path.indexOf('/'); at >= 0 && at < path.length - 1; at = path.indexOf('/', at + 1)) {
    folders.push(path.slice(0, at + 1));
  }
  return folders;
}
