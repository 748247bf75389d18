/**
 * What an edit does to a file's content, as far as its arguments tell.
 *
 * Owns the arithmetic by which a file is known again without its content: a whole write sets its state, an exchange of `old` for
 * `new` adds the one and takes the other away, so that the reverse exchange leads back to exactly where it was.
 */
import { callPath, relativePath, type Call } from './call.ts';
import { hashText } from './text-shape.ts';
import type { Fields } from './tool-name.ts';

export interface FileEdit {
  path: string;
  /** The file's whole content now, as a number. */
  whole: number | null;
  /** What is added to its state. */
  delta: number | null;
}

/** The edits of one call; none where its arguments do not tell the content. */
export function fileEdits(step: Call, workspace: string): readonly FileEdit[] {
  const patch = patchIn(step);
  if (patch !== null) return patchEdits(patch, workspace);
  const { fields } = step;
  const path = callPath(step, workspace);
  if (fields === null || path === null) return [];
  const many = fields['edits'];
  if (Array.isArray(many)) {
    const deltas = many.map((one) => (typeof one === 'object' && one !== null ? exchange(one as Fields) : null));
    const delta = deltas.reduce<number>((sum, one) => sum + (one ?? 0), 0);
    return deltas.some((one) => one !== null) ? [{ path, whole: null, delta }] : [];
  }
  const delta = exchange(fields);
  if (delta !== null) return [{ path, whole: null, delta }];
  const content = textOf(fields, [
    'content',
    'contents',
    'file_text',
    'fileText',
    'text',
    'new_content',
    'new_source',
    'data',
  ]);
  return content === null ? [] : [{ path, whole: hashText(content) || 1, delta: null }];
}

function exchange(fields: Fields): number | null {
  const before = textOf(fields, [
    'old_string',
    'old_str',
    'oldString',
    'oldText',
    'old_text',
    'old',
    'search',
    'old_content',
  ]);
  const after = textOf(fields, [
    'new_string',
    'new_str',
    'newString',
    'newText',
    'new_text',
    'new',
    'replace',
    'replacement',
    'new_content',
  ]);
  if (before === null && (after === null || !('insert_line' in fields))) return null;
  return hashText(after ?? '') - hashText(before ?? '');
}

function textOf(fields: Fields, keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = fields[key];
    if (typeof value === 'string') return value;
  }
  return null;
}

const patchLinesMax = 4_000;

function patchIn({ fields, input, command }: Call): string | null {
  const text =
    (fields === null ? input : (textOf(fields, ['patch', 'patch_text', 'patchText', 'diff', 'input']) ?? command)) ??
    '';
  return /^\*\*\* (?:Begin Patch|Update File|Add File|Delete File)|^diff --git |^--- \S/m.test(text) ? text : null;
}

/** Lines added less lines taken away, per file: in either notation of patches. */
function patchEdits(patch: string, workspace: string): FileEdit[] {
  const deltas = new Map<string, number>();
  let path = '';
  for (const line of patch.split('\n', patchLinesMax)) {
    const head = /^\*\*\* (?:Update|Add|Delete) File: (.+)$/.exec(line) ?? /^\+\+\+ (?:b\/)?(\S+)/.exec(line);
    if (head !== null) {
      path = relativePath((head[1] ?? '').trim(), workspace);
      deltas.set(path, deltas.get(path) ?? 0);
      continue;
    }
    if (path === '' || line.startsWith('---')) continue;
    const sign = line.startsWith('+') ? 1 : line.startsWith('-') ? -1 : 0;
    if (sign !== 0) deltas.set(path, (deltas.get(path) ?? 0) + sign * hashText(line.slice(1)));
  }
  return [...deltas].map(([file, delta]) => ({ path: file, whole: null, delta }));
}
