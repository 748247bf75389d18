/**
 * Names of things: plans, tasks, agents, branches and refs.
 *
 * Owns the one pattern that every name entering Orbit must match, so that a name can stand in a ref, a path, an
 * environment variable or a terminal line without quoting. Titles never get there; only these names do.
 */

/** A task's address in a project: `<plan>/<task>`, for example `001/T031`. */
export type TaskKey = `${string}/${string}`;

/** Longest plan, task or agent name. Two of them and a token stay well under the 255 bytes of a file name. */
export const nameLengthMax = 64;

const pattern = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;

/**
 * Tells why `name` cannot be a plan, task or agent name, or `null` when it can.
 * The pattern is the part of git's ref rules (git-check-ref-format) and of file names on all systems that overlap.
 */
export function nameFault(name: string): string | null {
  if (name.length === 0) return 'it is empty';
  if (name.length > nameLengthMax) return `it is longer than ${nameLengthMax} characters`;
  if (!pattern.test(name)) return 'only letters, digits, ".", "_" and "-" may stand in it, a letter or digit first';
  if (name.includes('..')) return '".." may not stand in it';
  if (name.endsWith('.') || name.toLowerCase().endsWith('.lock')) return 'it may not end in "." or ".lock"';
  return null;
}

export function taskKey(plan: string, task: string): TaskKey {
  return `${plan}/${task}`;
}

/** Splits a key made by {@link taskKey}; plan and task names hold no slash, so the first one parts them. */
export function keyParts(key: TaskKey): { plan: string; task: string } {
  const cut = key.indexOf('/');
  return { plan: key.slice(0, cut), task: key.slice(cut + 1) };
}
