/** What a key of the settings can be: the kinds of its value, each with default and bounds. */

export type Values = Record<string, unknown>;

export type Key = { about: string } & (
  | { kind: 'text'; default?: string; choices?: readonly string[] }
  | { kind: 'number'; default?: number | null; min: number; integer?: boolean }
  | { kind: 'flag'; default: boolean }
  | { kind: 'texts'; default?: readonly string[]; min?: number }
  | { kind: 'group'; keys: Keys; required?: readonly string[] }
  | { kind: 'named'; keys: Keys; required: readonly string[] }
);
export type Keys = Readonly<Record<string, Key>>;
