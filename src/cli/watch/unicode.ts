/** Whether the terminal shows more than ASCII, by what the locale says: the first of the three that is set decides (POSIX). */
export function showsUnicode(environment: Readonly<Record<string, string | undefined>>): boolean {
  const set = ['LC_ALL', 'LC_CTYPE', 'LANG'].map((name) => environment[name] ?? '').find((value) => value !== '');
  return /utf-?8/i.test(set ?? '');
}
