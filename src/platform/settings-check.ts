/**
 * Checks values by the table of keys: the first fault, told with its place and the nearest known key. Pure.
 */
import { isValues, keys, type Key } from './settings-key.ts';
import { nearest } from './text.ts';

export interface Fault {
  /** Keys from the top; the place to look for in the file. */
  path: readonly string[];
  message: string;
  /** Whether the key itself is wrong, not its value. */
  atKey: boolean;
}

/** The first thing wrong with `values` as a settings file, or `null`. */
export function faultOf(values: unknown): Fault | null {
  return groupFault({ kind: 'group', keys, about: '' }, values, []);
}

function keyFault(key: Key, value: unknown, path: readonly string[]): Fault | null {
  const name = path.join('.');
  const wrong = (wanted: string): Fault => ({
    path,
    atKey: false,
    message: `${name} must be ${wanted}, not ${shown(value)}`,
  });
  switch (key.kind) {
    case 'text':
      if (key.choices !== undefined && !key.choices.includes(value as string))
        return wrong(`one of ${key.choices.join(', ')}`);
      return typeof value === 'string' && value !== '' ? null : wrong('a text');
    case 'number':
      return isNumber(key, value)
        ? null
        : wrong(
            `${key.integer === true ? 'a whole number' : 'a number'} of at least ${key.min}${key.default === null ? ' or null' : ''}`,
          );
    case 'flag':
      return typeof value === 'boolean' ? null : wrong('true or false');
    case 'texts':
      if (!Array.isArray(value) || value.some((item) => typeof item !== 'string' || item === ''))
        return wrong('a list of texts');
      return value.length < (key.min ?? 0) ? wrong(`a list of at least ${key.min}`) : null;
    case 'group':
      return groupFault(key, value, path);
    case 'named':
      return namedFault(key, value, path);
  }
}

function isNumber({ min, integer, default: fallback }: Extract<Key, { kind: 'number' }>, value: unknown): boolean {
  if (value === null) return fallback === null;
  return (
    typeof value === 'number' && Number.isFinite(value) && value >= min && (integer !== true || Number.isInteger(value))
  );
}

function groupFault(group: Extract<Key, { kind: 'group' }>, value: unknown, path: readonly string[]): Fault | null {
  if (!isValues(value))
    return {
      path,
      atKey: false,
      message: `${path.join('.') || 'the file'} must be an object { … }, not ${shown(value)}`,
    };
  for (const [name, item] of Object.entries(value)) {
    const key = Object.hasOwn(group.keys, name) ? group.keys[name] : undefined;
    if (key === undefined) {
      if (path.length === 0 && name === '$schema') continue;
      const near = nearest(name, Object.keys(group.keys));
      const advice =
        near === null ? `known here: ${Object.keys(group.keys).join(', ')}` : `did you mean ${JSON.stringify(near)}?`;
      return { path: [...path, name], atKey: true, message: `unknown key ${JSON.stringify(name)}; ${advice}` };
    }
    const fault = keyFault(key, item, [...path, name]);
    if (fault !== null) return fault;
  }
  const missing = group.required?.find((name) => !Object.hasOwn(value, name));
  return missing === undefined
    ? null
    : { path, atKey: true, message: `${path.join('.')} needs ${JSON.stringify(missing)}` };
}

function namedFault(named: Extract<Key, { kind: 'named' }>, value: unknown, path: readonly string[]): Fault | null {
  if (!isValues(value))
    return {
      path,
      atKey: false,
      message: `${path.join('.')} must be an object { "name": { … } }, not ${shown(value)}`,
    };
  for (const [name, item] of Object.entries(value)) {
    const at = [...path, name];
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(name)) {
      return {
        path: at,
        atKey: true,
        message: `${JSON.stringify(name)} cannot be a name: letters, digits, ".", "_" and "-", at most 64`,
      };
    }
    const fault = groupFault({ kind: 'group', keys: named.keys, required: named.required, about: '' }, item, at);
    if (fault !== null) return fault;
  }
  return null;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
