/** The keys of `landing`: where proven work goes, what it has to pass, and when a person is asked. */
import { limits } from '../core/limits.ts';
import { finishes, landingModes } from '../core/pull-request.ts';
import type { Keys } from './settings-kind.ts';

export const landingKeys: Keys = {
  into: { kind: 'text', default: 'orbit/{plan}', about: 'Branch that work lands on; {plan} stands for the plan.' },
  mode: {
    kind: 'text',
    default: 'queue',
    choices: landingModes,
    about:
      'queue lands trees that passed; pull-requests opens one pull request per task; off leaves work on its branches.',
  },
  finish: {
    kind: 'text',
    default: 'none',
    choices: finishes,
    about:
      'What becomes of a finished plan: none leaves it to you; fast-forward and merge bring it to your branch; pull-request opens one for all of it.',
  },
  approval: {
    kind: 'text',
    default: 'end',
    choices: ['end', 'each', 'none'],
    about: 'When a person is asked: before the finished plan goes further, before each task lands, or never.',
  },
  risky: {
    kind: 'text',
    default: 'ask',
    choices: ['ask', 'allow'],
    about: 'Changes that can make others run something (hooks, CI, links, agent settings …): ask waits for a person.',
  },
  checks: { kind: 'texts', default: [], about: 'Commands that must exit 0 at the exact tree that lands.' },
  lanes: {
    kind: 'number',
    default: limits.landingLanes,
    min: 1,
    integer: true,
    about: 'Trees validated at once. Each has a checkout and runs the checks beside the others.',
  },
  trainMax: {
    kind: 'number',
    default: limits.trainLengthMax,
    min: 1,
    integer: true,
    about: 'Changes that are validated as one tree at most; 1 validates and lands every change by itself.',
  },
  reruns: {
    kind: 'number',
    default: limits.landingReruns,
    min: 0,
    integer: true,
    about: 'How often checks that fail because of one change are run again before it goes back to its agent.',
  },
  layerBranches: {
    kind: 'flag',
    default: true,
    about: 'Whether each layer of a plan with layers: hard lands on a branch of its own, layer-1-<plan> and so on.',
  },
  stackDepth: {
    kind: 'number',
    default: limits.stackDepthMax,
    min: 0,
    integer: true,
    about:
      'Levels of work that has not landed under a task that starts; 0 starts nothing before what it needs has landed.',
  },
};
