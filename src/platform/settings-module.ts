/** The keys of one module in the settings. */
import type { Keys } from './settings-kind.ts';

export const moduleKeys: Keys = {
  scope: { kind: 'texts', min: 1, about: 'Path globs; tasks whose scope meets them belong to it.' },
  priority: {
    kind: 'number',
    default: 0,
    min: -100,
    about: 'Larger is sooner, for spawning what matters most; 0 is normal, one point counts as one of a task.',
  },
  dependencies: {
    kind: 'texts',
    default: [],
    about: 'Modules whose work is finished before agents are spawned for this one without being named.',
  },
};
