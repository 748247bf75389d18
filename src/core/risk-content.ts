/**
 * What the content of a changed file newly brings along: where a link points, which programs attributes name, what runs at install.
 *
 * Pure readers of text that an agent wrote: whatever is in it, they answer and never throw.
 */

/** Where a symbolic link at `path` leads: inside the repository, or why that cannot be said of it. */
export function linkFault(path: string, target: string): string | null {
  if (/^([/\\]|[a-z]:)/i.test(target)) return 'an absolute path, outside the repository';
  if (target.includes('\\') || target.includes('\0')) return 'a place that depends on the system';
  const at = path.split('/').slice(0, -1);
  let named = false;
  for (const part of target.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') {
      named = true;
      at.push(part);
      continue;
    }
    // Behind a folder that is itself a link, `..` leads elsewhere than the text says.
    if (named) return 'a place that cannot be told from its text';
    if (at.pop() === undefined) return 'a place outside the repository';
  }
  return at.some((part) => part.toLowerCase() === '.git') ? "git's own folder" : null;
}

/** Drivers (`filter=`, `diff=`, `merge=`) that the new text of a `.gitattributes` names and the old one did not. */
export function newDrivers(before: string, after: string): string[] {
  const known = new Set(driversOf(before));
  return driversOf(after).filter((driver) => !known.has(driver));
}

function driversOf(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .flatMap((line) => line.match(/(?<=\s)(?:filter|diff|merge)=\S+/g) ?? []);
}

/** Keys by which a package.json makes a package manager run something at install, or lets dependencies do so. */
const installScripts = [
  'preinstall',
  'install',
  'postinstall',
  'preprepare',
  'prepare',
  'postprepare',
  'prepublish',
  'dependencies',
];
const installKeys = ['trustedDependencies', 'pnpm', 'gypfile', 'packageManager'];

/** What a package.json newly says about that, each as `name: text`; `null` when it cannot be read. */
export function newInstallScripts(before: string, after: string): string[] | null {
  const now = jsonObject(after);
  if (now === null) return null;
  const old = jsonObject(before) ?? {};
  const [scripts, oldScripts] = [objectAt(now, 'scripts'), objectAt(old, 'scripts')];
  return [
    ...installScripts.filter((name) => differs(scripts, oldScripts, name)).map((name) => tell(name, scripts[name])),
    ...installKeys.filter((name) => differs(now, old, name)).map((name) => tell(name, now[name])),
  ];
}

/** Packages that a lockfile newly lets run scripts at install; `null` when it cannot be read. */
export function newlyScripted(path: string, before: string, after: string): string[] | null {
  const read = path.endsWith('.json') ? scriptedOfNpm : scriptedOfPnpm;
  const now = read(after);
  const old = new Set(before === '' ? [] : read(before));
  return now === null ? null : now.filter((name) => !old.has(name));
}

function scriptedOfNpm(text: string): string[] | null {
  const lock = jsonObject(text);
  if (lock === null) return null;
  const packages = Object.entries(objectAt(lock, 'packages'));
  return packages
    .filter(([, entry]) => isObject(entry) && entry['hasInstallScript'] === true)
    .map(([name]) => name.replace(/^.*node_modules\//, ''));
}

/** A line `requiresBuild: true` under the line that names the package. */
function scriptedOfPnpm(text: string): string[] {
  const names: string[] = [];
  let name = '';
  for (const line of text.split('\n')) {
    const head = /^ {2}(\S.*):\s*$/.exec(line)?.[1];
    if (head !== undefined) name = head.replaceAll(/^['"]?\/?|['"]$/g, '');
    else if (/^\s+requiresBuild:\s*true\s*$/.test(line)) names.push(name);
  }
  return names;
}

function differs(one: Record<string, unknown>, other: Record<string, unknown>, name: string): boolean {
  return one[name] !== undefined && JSON.stringify(one[name]) !== JSON.stringify(other[name]);
}

function tell(name: string, value: unknown): string {
  return `${name}: ${(typeof value === 'string' ? value : JSON.stringify(value)).slice(0, 120)}`;
}

function objectAt(value: Record<string, unknown>, name: string): Record<string, unknown> {
  const found = Object.hasOwn(value, name) ? value[name] : undefined;
  return isObject(found) ? found : {};
}

function jsonObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
