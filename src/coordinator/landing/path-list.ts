/** Paths in a sentence: enough to act on, however many there are. */
const pathsMax = 20;

export function listPaths(paths: readonly string[]): string {
  const more = paths.length > pathsMax ? ` and ${paths.length - pathsMax} more` : '';
  return paths.slice(0, pathsMax).join(', ') + more;
}
