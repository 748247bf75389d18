/**
 * What the result of a set-up depends on. Pure.
 *
 * Owns the one question behind every saved set-up: is it sure that the same command at another commit would make the same files? Only
 * installers whose lockfiles decide are known here; of all else a user has to say what it reads. In doubt the answer is no, and the
 * set-up runs: a stale build can turn a red check green.
 */
import { inScope } from './scope.ts';

/** Files that decide what installers make: lockfiles, manifests, their settings, versions of run-times. By name, in any folder. */
const inputNames = new Set(
  [
    'package.json package-lock.json npm-shrinkwrap.json pnpm-lock.yaml pnpm-workspace.yaml yarn.lock bun.lock',
    'bun.lockb bunfig.toml .npmrc .yarnrc .yarnrc.yml .pnpmfile.cjs .pnp.cjs .pnp.data.json Gemfile',
    'Gemfile.lock .ruby-version composer.json composer.lock auth.json go.mod go.sum go.work Cargo.toml',
    'Cargo.lock rust-toolchain rust-toolchain.toml uv.lock uv.toml poetry.lock poetry.toml pyproject.toml',
    'setup.py setup.cfg Pipfile Pipfile.lock .python-version mix.exs mix.lock .nvmrc .node-version',
    '.tool-versions mise.toml .mise.toml .gitignore binding.gyp',
  ].flatMap((line) => line.split(' ')),
);

/** Folders whose files installers apply to what they install. */
const inputFolders = new Set(['patches', '.yarn', '.bundle', '.cargo']);

/**
 * Whether a set-up reads this path of the commit.
 * @param reads globs that the user named, `null` where only known installers run.
 */
export function isSetUpInput(path: string, reads: readonly string[] | null): boolean {
  const parts = path.split('/');
  const name = parts.at(-1) ?? '';
  if (inputNames.has(name) || /^(?:requirements|constraints)[\w.-]*\.(?:txt|in)$/.test(name)) return true;
  if (parts.some((part) => inputFolders.has(part))) return true;
  return reads !== null && reads.length > 0 && inScope(path, reads);
}

/** A program of a set-up line with its arguments. */
export interface SetUpCommand {
  program: string;
  args: readonly string[];
}

/** Whether the command is an installer that takes nothing from the repository but lockfiles, manifests and their settings. */
export function isKnownInstaller({ program, args }: SetUpCommand): boolean {
  const [verb = ''] = args;
  const others = args.slice(1);
  if (!others.every((word) => word.startsWith('-') && !/^--?(?:C|cwd|dir|prefix|global|g)\b/.test(word))) return false;
  switch (program) {
    case 'npm':
      return ['ci', 'install', 'i', 'clean-install'].includes(verb);
    case 'pnpm':
    case 'bun':
      return ['install', 'i'].includes(verb);
    case 'yarn':
      return verb === '' || verb === 'install' || (verb.startsWith('--') && args.length === 1);
    default:
      return false;
  }
}

/** Scripts of a `package.json` that installers run, and may build from any file. */
const lifecycle = ['preinstall', 'install', 'postinstall', 'preprepare', 'prepare', 'postprepare', 'prepublish'];

/** Scripts that make nothing in the workspace but from the files above. */
const harmlessScript =
  /^(?:husky(?: install)?|patch-package|lefthook install|simple-git-hooks|is-ci)(?: \|\| (?:true|exit 0))?$/;

/** Files at whose sight installers run programs that may read anything. */
const programNames = new Set(['binding.gyp', '.pnpmfile.cjs']);

/** Why a commit with this path may make more of an install than its lockfiles say, or `null`. */
export function pathDoubt(path: string): string | null {
  return programNames.has(path.slice(path.lastIndexOf('/') + 1)) ? `${path} is run at install` : null;
}

/**
 * Why what an installer makes of this manifest may depend on more than lockfiles, or `null`.
 * @param text of a `package.json`.
 */
export function manifestDoubt(path: string, text: string): string | null {
  let manifest: unknown;
  try {
    manifest = JSON.parse(text);
  } catch {
    return `${path} is no JSON`;
  }
  const { scripts } = (manifest ?? {}) as { scripts?: Record<string, unknown> };
  const script = lifecycle.find((name) => {
    const line = scripts?.[name];
    return line !== undefined && (typeof line !== 'string' || !harmlessScript.test(line.trim()));
  });
  if (script !== undefined) return `${path} has a script "${script}", which may build from any file`;
  return /"(?:file|portal):/.test(text) ? `${path} installs from a folder of the repository` : null;
}

/** Whether {@link manifestDoubt} has to be asked about the path. */
export function isManifest(path: string): boolean {
  return /(?:^|\/)package\.json$/.test(path);
}
