/** The two texts that a hunk lets one see, for the colouring of each as code, and back from their lines to the hunk's. Pure. */
import type { Hunk } from './patch.ts';

/** A piece of a line in one colour for light and one for dark. */
export type Piece = readonly [text: string, light: string, dark: string];

export interface Sides {
  readonly before: string;
  readonly after: string;
}

export function sidesOf({ lines }: Hunk): Sides {
  const side = (without: '+' | '-'): string =>
    lines
      .filter(({ sign }) => sign !== without)
      .map(({ text }) => text)
      .join('\n');
  return { before: side('+'), after: side('-') };
}

/** The pieces of each line of the hunk; unchanged lines take those of the text after. */
export function piecesOf(
  { lines }: Hunk,
  before: readonly (readonly Piece[])[],
  after: readonly (readonly Piece[])[],
): (readonly Piece[] | undefined)[] {
  let [left, right] = [0, 0];
  return lines.map(({ sign }) => {
    if (sign === '-') return before[left++];
    if (sign === ' ') left += 1;
    return after[right++];
  });
}

const languages: Readonly<Record<string, string>> = {
  ts: 'typescript',
  mts: 'typescript',
  cts: 'typescript',
  tsx: 'tsx',
  js: 'javascript',
  mjs: 'javascript',
  cjs: 'javascript',
  jsx: 'tsx',
  json: 'json',
  jsonc: 'json',
  css: 'css',
  html: 'html',
  svg: 'html',
  xml: 'html',
  md: 'markdown',
  mdx: 'markdown',
  yml: 'yaml',
  yaml: 'yaml',
  toml: 'toml',
  sh: 'shellscript',
  bash: 'shellscript',
  zsh: 'shellscript',
  py: 'python',
  go: 'go',
  rs: 'rust',
  java: 'java',
  c: 'c',
  h: 'c',
  cpp: 'c',
  cc: 'c',
  hpp: 'c',
  php: 'php',
  sql: 'sql',
  cs: 'csharp',
  kt: 'kotlin',
  swift: 'swift',
};

/** The language that a path's ending stands for, of those that are shipped; `undefined`: it stays plain. */
export function languageOf(path: string): string | undefined {
  return languages[path.split('.').at(-1)?.toLowerCase() ?? ''];
}

/** What the worker is asked, and what it answers: lines of pieces for each text, none if it could not. */
export interface Asked {
  readonly id: number;
  readonly language: string;
  readonly texts: readonly string[];
}

export interface Coloured {
  readonly id: number;
  readonly texts: readonly (readonly (readonly Piece[])[])[];
}
