/**
 * Paths whose content runs by itself, or steers tools that run: what a person looks at before it lands.
 *
 * Owns the table. Invariant: a path counts under every spelling that some file system takes for it (case, trailing dots and blanks,
 * characters that macOS leaves out), because a checkout on such a system acts on it.
 */
import { spelling } from './scope.ts';

export type RiskKind =
  | 'symlink'
  | 'symlink-outside'
  | 'submodule'
  | 'executable'
  | 'git-hooks'
  | 'git-attributes'
  | 'ci'
  | 'agent-settings'
  | 'editor-settings'
  | 'shell-settings'
  | 'package-settings'
  | 'install-scripts'
  | 'orbit-settings';

export interface RiskyPath {
  kind: RiskKind;
  /** What such a file does, behind "it". */
  does: string;
  /** Larger is looked at first; 100 leaves the repository, 30 is one more program. */
  weight: number;
}

interface Rule extends RiskyPath {
  /** Of a path in one spelling: lower case, parted by `/`. */
  paths: readonly RegExp[];
}

/** The first rule that fits counts. Continuous integration is told by its place at the top; all else works in any folder. */
const rules: readonly Rule[] = [
  {
    kind: 'submodule',
    does: 'names repositories whose content is fetched and used',
    weight: 95,
    paths: [/^(.*\/)?\.gitmodules$/],
  },
  {
    kind: 'orbit-settings',
    does: 'sets what Orbit runs: agents, checks, set-up commands and rules of landing',
    weight: 85,
    paths: [/^orbit\.config\.json$/, /^\.orbit\//, /^specs\/[^/]+\/agent-tasks\//],
  },
  {
    kind: 'git-hooks',
    does: 'is run by git, or by a tool for its hooks, at commits and checkouts',
    weight: 80,
    paths: [
      /(^|\/)\.?(githooks|git-hooks|husky|lefthook)\//,
      /(^|\/)\.?lefthook(-local)?\.(ya?ml|toml|json)$/,
      /(^|\/)\.(pre-commit-config\.yaml|pre-commit-hooks\.yaml|overcommit\.yml|huskyrc(\.\w+)?)$/,
    ],
  },
  {
    kind: 'shell-settings',
    does: 'is run by the shell of whoever enters the folder',
    weight: 75,
    paths: [/(^|\/)\.envrc$/, /(^|\/)\.?mise(\.[\w-]+)*\.toml$/, /(^|\/)\.?mise\//, /(^|\/)\.(autoenv|env)\.zsh$/],
  },
  {
    kind: 'ci',
    does: 'is run by continuous integration, with its secrets',
    weight: 70,
    paths: [
      /^\.(github|gitea|forgejo)\/(workflows|actions)\//,
      /^\.github\/dependabot\.ya?ml$/,
      /^\.gitlab-ci\.ya?ml$/,
      /^\.gitlab\/ci\//,
      /^\.(circleci|buildkite|woodpecker|semaphore|teamcity|tekton)\//,
      /^\.(woodpecker|travis|drone|cirrus|appveyor)\.ya?ml$/,
      /^(.*\/)?jenkinsfile[^/]*$/,
      /^(appveyor|azure-pipelines[^/]*|bitbucket-pipelines|cloudbuild)\.ya?ml$/,
      /^\.azure-pipelines\//,
      /^(.*\/)?action\.ya?ml$/,
    ],
  },
  {
    kind: 'agent-settings',
    does: 'steers coding agents: their instructions, tools, hooks or rights',
    weight: 65,
    paths: [
      /(^|\/)\.(claude|codex|gemini|qwen|opencode|cursor|agents|copilot|continue|kiro|roo|windsurf|clinerules|amp|goose|junie)\//,
      /(^|\/)\.?opencode\.jsonc?$/,
      /(^|\/)\.opencode[^/]*$/,
      /(^|\/)\.?mcp\.json$/,
      /(^|\/)(agents|claude|gemini|qwen|copilot|crush|warp)(\.local|\.override)?\.md$/,
      /(^|\/)\.(cursorrules|windsurfrules|clinerules|roorules|goosehints|aider[^/]*)$/,
      /(^|\/)\.github\/(copilot-instructions\.md$|(instructions|prompts|agents|chatmodes|skills|hooks)\/)/,
    ],
  },
  {
    kind: 'editor-settings',
    does: 'lets an editor run commands when the folder is opened',
    weight: 60,
    paths: [
      /(^|\/)\.vscode\/(tasks|settings|launch|mcp)\.json$/,
      /\.code-workspace$/,
      /(^|\/)\.(idea|fleet|zed|devcontainer)\//,
      /(^|\/)\.devcontainer\.json$/,
      /(^|\/)\.(nvim\.lua|nvimrc|exrc|vimrc|lvimrc|dir-locals\.el)$/,
    ],
  },
  {
    kind: 'package-settings',
    does: 'sets where a package manager fetches from and what it runs',
    weight: 55,
    paths: [
      /(^|\/)\.(npmrc|yarnrc|yarnrc\.yml|pnpmfile\.c?js|pypirc)$/,
      /(^|\/)(bunfig\.toml|pip\.conf|pnpm-workspace\.yaml|nuget\.config)$/,
      /(^|\/)\.yarn\/(releases|plugins)\//,
      /(^|\/)\.cargo\/config(\.toml)?$/,
      /(^|\/)(\.mvn|gradle\/wrapper)\//,
      /(^|\/)\.bundle\/config$/,
    ],
  },
  {
    kind: 'install-scripts',
    does: 'makes a package manager compile and run code when the package is installed',
    weight: 55,
    paths: [/(^|\/)binding\.gyp$/],
  },
];

/** What is risky about writing this path at all, or `null`. */
export function riskOfPath(path: string): RiskyPath | null {
  const text = spelling(path);
  const rule = rules.find(({ paths }) => paths.some((one) => one.test(text)));
  return rule === undefined ? null : { kind: rule.kind, does: rule.does, weight: rule.weight };
}
