/** Reads a patch as `git diff` prints it. Pure. */

export interface Line {
  readonly sign: '+' | '-' | ' ';
  readonly before: number | undefined;
  readonly after: number | undefined;
  readonly text: string;
  /** The file ends here without a newline. */
  readonly endsOpen: boolean;
}

export interface Hunk {
  /** What stands behind the second `@@`: the function around it. */
  readonly context: string;
  readonly from: number;
  readonly lines: readonly Line[];
}

/** The hunks of one file's patch; lines before the first are about modes and names, and left out. */
export function parsePatch(patch: string): Hunk[] {
  const hunks: (Omit<Hunk, 'lines'> & { lines: Line[] })[] = [];
  let [before, after] = [0, 0];
  for (const line of patch.split('\n')) {
    const head = /^@@ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@ ?(.*)$/.exec(line);
    const hunk = hunks.at(-1);
    if (head !== null) {
      [before, after] = [Number(head[1]), Number(head[2])];
      hunks.push({ context: head[3] ?? '', from: after, lines: [] });
    } else if (hunk === undefined || line === '') continue;
    else if (line.startsWith('\\')) {
      const last = hunk.lines.pop();
      if (last !== undefined) hunk.lines.push({ ...last, endsOpen: true });
    } else if (line.startsWith('+')) hunk.lines.push({ ...lineOf(line, '+'), before: undefined, after: after++ });
    else if (line.startsWith('-')) hunk.lines.push({ ...lineOf(line, '-'), before: before++, after: undefined });
    else hunk.lines.push({ ...lineOf(line, ' '), before: before++, after: after++ });
  }
  return hunks;
}

function lineOf<Sign extends Line['sign']>(line: string, sign: Sign): { sign: Sign; text: string; endsOpen: boolean } {
  return { sign, text: line.slice(1), endsOpen: false };
}

/** Lines added and removed. */
export function countLines(hunks: readonly Hunk[]): { added: number; removed: number } {
  const all = hunks.flatMap(({ lines }) => lines);
  return {
    added: all.filter(({ sign }) => sign === '+').length,
    removed: all.filter(({ sign }) => sign === '-').length,
  };
}

/** Files that programs write and nobody reads line by line. */
export function isGenerated(path: string): boolean {
  return /(?:^|\/)(?:package-lock\.json|yarn\.lock|pnpm-lock\.yaml|Cargo\.lock|go\.sum|composer\.lock|Gemfile\.lock|poetry\.lock|uv\.lock)$|\.min\.(?:js|css)$|(?:^|\/)(?:dist|vendor|node_modules)\/|\.snap$/.test(
    path,
  );
}
