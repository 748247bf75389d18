/** Addresses of views: patterns such as `/tasks/:plan/:task`, and the state of a view in the query. Pure. */

/** What the named parts of a pattern hold. */
export type Params = Readonly<Record<string, string>>;

/** The parts of `path` that `pattern` names; `undefined`: it does not match. */
export function matchPath(pattern: string, path: string): Params | undefined {
  const wanted = pattern.split('/').filter(Boolean);
  const given = path.split('/').filter(Boolean);
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = decoded(given[index] ?? '');
    if (part.startsWith(':')) params[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return params;
}

/** `pattern` with its named parts filled in, each escaped, and `query` behind it; empty values are left out. */
export function buildPath(pattern: string, params: Params = {}, query: Params = {}): string {
  const path = pattern.replaceAll(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(params[name] ?? ''));
  const search = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== '')).toString();
  return search === '' ? path : `${path}?${search}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
