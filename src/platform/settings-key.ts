/**
 * The keys of the settings: each with kind, default, unit and one sentence.
 *
 * Owns the table, its defaults, merging and names of environment variables; `settings-check.ts` judges values by it. Written by
 * hand, because a schema library costs every command of the program 10 ms of start-up.
 */
import { limits } from '../core/limits.ts';
import { agentKeys } from './settings-agent.ts';
import { apiKeys, apiTokenKeys } from './settings-api.ts';
import { forgeKeys } from './settings-forge.ts';
import type { Key, Keys, Values } from './settings-kind.ts';
import { moduleKeys } from './settings-module.ts';
import { landingKeys } from './settings-landing.ts';
import { supervisionKeys } from './settings-supervision.ts';

export type { Key, Keys, Values };

export const keys: Keys = {
  agents: { kind: 'named', keys: agentKeys, required: ['adapter'], about: 'The agents that may work here, by name.' },
  landing: { kind: 'group', about: 'How proven work reaches its target.', keys: landingKeys },
  forge: { kind: 'group', about: 'Where pull requests are opened; see forges.md.', keys: forgeKeys },
  api: { kind: 'group', about: 'The API and the dashboard; see api.md.', keys: apiKeys },
  apiTokens: {
    kind: 'named',
    keys: apiTokenKeys,
    required: ['sha256'],
    about: 'Tokens of people and programs that call from elsewhere, by name.',
  },
  scope: {
    kind: 'group',
    about: 'The paths that tasks may write.',
    keys: {
      widen: {
        kind: 'text',
        default: 'free',
        choices: ['free', 'ask', 'never'],
        about:
          'Who decides when an agent wishes for more paths: free where nobody else holds them, a person, or nobody.',
      },
    },
  },
  workspace: {
    kind: 'group',
    about: 'The directories that attempts work in.',
    keys: {
      directory: {
        kind: 'text',
        default: '.worktrees',
        about: 'Where they are made, relative to the top of the project or absolute.',
      },
      bring: { kind: 'texts', default: [], about: 'Files that git ignores and a workspace needs, as globs.' },
      setup: { kind: 'texts', default: [], about: 'Commands that make a new workspace ready.' },
      setupReads: {
        kind: 'texts',
        default: [],
        about:
          'Globs of all files that the set-up commands read, besides lockfiles: then the result of any command is kept.',
      },
      keepDependencies: {
        kind: 'flag',
        default: true,
        about: 'Whether what set-up commands made is used again where they would make the same.',
      },
      caches: {
        kind: 'texts',
        default: [],
        about:
          'Ignored files that stay in a directory for its next user, as patterns of .gitignore; also where checks run.',
      },
      ports: {
        kind: 'number',
        default: 1,
        min: 0,
        integer: true,
        about: 'Ports that each attempt and each check gets for itself, as ORBIT_PORT, ORBIT_PORT_1 ...; 0 for none.',
      },
      portFirst: { kind: 'number', default: 20_000, min: 1_024, integer: true, about: 'The first port of those.' },
      portLast: { kind: 'number', default: 29_999, min: 1_024, integer: true, about: 'The last port of those.' },
      diskMaxGb: {
        kind: 'number',
        default: 20,
        min: 0,
        about:
          'Ceiling for all workspaces together, in gigabytes; 0 for none. Above it what is idle goes, then nothing new is started.',
      },
    },
  },
  supervision: {
    kind: 'group',
    about: 'When an agent that gets nowhere is told so, and when its attempt ends; see supervision.md.',
    keys: supervisionKeys,
  },
  budget: {
    kind: 'group',
    about: 'Per task, over all its attempts.',
    keys: {
      attempts: {
        kind: 'number',
        default: limits.attemptsMax,
        min: 1,
        integer: true,
        about: 'How often a task is tried.',
      },
      costUsd: { kind: 'number', default: null, min: 0, about: 'Money in US dollars; null for no limit.' },
      turns: {
        kind: 'number',
        default: null,
        min: 1,
        integer: true,
        about: 'Turns of the model in one attempt; null for no limit.',
      },
      minutes: { kind: 'number', default: limits.attemptMinutesMax, min: 0.01, about: 'Working time in minutes.' },
    },
  },
  quota: {
    kind: 'group',
    about: 'Accounts whose quota is used up.',
    keys: {
      waitMinutes: {
        kind: 'number',
        default: 5,
        min: 0.01,
        about: 'Minutes that an account rests whose reset time nobody told; doubles with each wall in a row.',
      },
      waitMinutesMax: { kind: 'number', default: 60, min: 0.01, about: 'Doubling stops at so many minutes.' },
    },
  },
  plan: {
    kind: 'group',
    about: 'The plan files in the main checkout.',
    keys: { tick: { kind: 'flag', default: true, about: 'Whether finished tasks are ticked in layered-tasks.md.' } },
  },
  modules: {
    kind: 'named',
    keys: moduleKeys,
    required: ['scope'],
    about: 'Parts of the work, by name; without any, the features, layers or folders of the plans.',
  },
  shared: {
    kind: 'texts',
    default: [],
    about: 'Globs of paths that several attempts may write at once, such as lockfiles.',
  },
  environment: {
    kind: 'texts',
    default: [],
    about: 'Names of environment variables that agents, checks and set-up commands get besides the usual ones.',
  },
  checkTimeoutS: {
    kind: 'number',
    default: limits.checkTimeoutMs / 1000,
    min: 1,
    about: 'Seconds that one check may run.',
  },
  claimByHandS: {
    kind: 'number',
    default: limits.claimByHandMs / 1000,
    min: 1,
    about: 'Seconds that a claim made by hand lasts without orbit beat.',
  },
  defaultConcurrencyMode: {
    kind: 'text',
    default: 'parallel-threads',
    choices: ['sequential', 'parallel-async', 'parallel-threads'],
    about: 'sequential: one agent at a time; the others: as many as there are slots.',
  },
  maxParallelAgents: {
    kind: 'number',
    default: null,
    min: 1,
    integer: true,
    about: 'Agents at work at once; null for as many as there are slots.',
  },
  defaultMaxRetries: {
    kind: 'number',
    min: 0,
    integer: true,
    about: 'Another name for budget.attempts minus one; 3 by default.',
  },
  retryDelayMs: {
    kind: 'number',
    default: limits.retryDelayMs,
    min: 0,
    integer: true,
    about: 'Milliseconds before a failed task is tried again; doubles with each failure.',
  },
  escalationThreshold: {
    kind: 'number',
    default: 10,
    min: 1,
    integer: true,
    about: 'Failed attempts in a row, over all tasks, after which a run stops starting new ones and asks a person.',
  },
  worktreesDirectory: { kind: 'text', about: 'Another name for workspace.directory; .worktrees by default.' },
  branchPrefix: {
    kind: 'text',
    default: 'module/',
    about: 'Accepted; nothing acts on it. Branches are named orbit-work/<plan>/<task>-<token>.',
  },
  autoMergeOnComplete: {
    kind: 'flag',
    default: false,
    about: 'Whether a finished plan is merged into your branch without asking.',
  },
  heartbeatIntervalMs: {
    kind: 'number',
    default: limits.heartbeatIntervalMs,
    min: 10,
    integer: true,
    about: 'Milliseconds between two beats of a runner.',
  },
  heartbeatTimeoutMs: {
    kind: 'number',
    default: limits.heartbeatTimeoutMs,
    min: 50,
    integer: true,
    about: 'Milliseconds without a beat until a claim is given to another.',
  },
};

export function defaultsOf(table: Keys): Values {
  const values: Values = {};
  for (const [name, key] of Object.entries(table)) {
    if (key.kind === 'group') values[name] = defaultsOf(key.keys);
    else if (key.kind === 'named') values[name] = {};
    else if (key.default !== undefined) values[name] = key.default;
  }
  return values;
}

/** Objects are merged key by key, all else is replaced. */
export function merge(under: Values, over: Values): Values {
  const merged: Values = { ...under };
  for (const [name, value] of Object.entries(over)) {
    const below = merged[name];
    merged[name] = isValues(value) && isValues(below) ? merge(below, value) : value;
  }
  return merged;
}

/** Values that `ORBIT_*` variables give: `landing.into` is ORBIT_LANDING_INTO. Only texts, numbers and flags have one. */
export function environmentOf(environment: Readonly<Record<string, string | undefined>>): {
  values: Values;
  names: Map<string, string>;
} {
  const found = { values: {} as Values, names: new Map<string, string>() };
  for (const { path, key } of leaves(keys, [])) {
    const name = `ORBIT_${path.join('_').replace(/[A-Z]/g, '_$&').toUpperCase()}`;
    const text = environment[name];
    if (text === undefined) continue;
    found.names.set(path.join('.'), name);
    const value = key.kind === 'text' ? text : parsed(text);
    found.values = merge(
      found.values,
      path.reduceRight<unknown>((inner, part) => ({ [part]: inner }), value) as Values,
    );
  }
  return found;
}

function* leaves(table: Keys, path: readonly string[]): Iterable<{ path: string[]; key: Key }> {
  for (const [name, key] of Object.entries(table)) {
    if (key.kind === 'group') yield* leaves(key.keys, [...path, name]);
    else if (key.kind === 'text' || key.kind === 'number' || key.kind === 'flag') yield { path: [...path, name], key };
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

export function isValues(value: unknown): value is Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
