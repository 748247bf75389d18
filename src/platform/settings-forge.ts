/** The keys of the forge in the settings. What has no default is told from the remote's address. */
import { limits } from '../core/limits.ts';
import type { Keys } from './settings-kind.ts';

export const forgeKeys: Keys = {
  kind: {
    kind: 'text',
    default: 'auto',
    choices: ['auto', 'local', 'github', 'gitlab', 'gitea'],
    about: 'What it is: auto tells it from the host; gitea also serves Forgejo; local is a repository without a forge.',
  },
  url: {
    kind: 'text',
    about: 'Its address, as people open it, such as https://git.example.org. By default the host of the remote.',
  },
  repository: { kind: 'text', about: 'Owner and name there, such as acme/app. By default the path of the remote.' },
  remote: { kind: 'text', default: 'origin', about: 'The git remote that branches are pushed to.' },
  base: {
    kind: 'text',
    about: 'Branch there that pull requests go into. By default the one that your checkout is on when a run starts.',
  },
  pollS: {
    kind: 'number',
    default: limits.forgePollMs / 1000,
    min: 0.05,
    about: 'Seconds between two looks at open pull requests.',
  },
  checksGraceS: {
    kind: 'number',
    default: limits.forgeChecksGraceMs / 1000,
    min: 0,
    about: 'Seconds that Orbit waits for checks to begin before it merges what has none.',
  },
  waitMinutes: {
    kind: 'number',
    default: 0,
    min: 0,
    about: 'Minutes that a run goes on following pull requests when only people can move something.',
  },
};
