/**
 * The rules that always hold, as checks on a running simulation. Each is named by its id and answers what is wrong, or `null`.
 *
 * Owns the list. The oracles read the log, git and the directories by themselves and share no decision with the code under test.
 */
import * as git from './git-rules.ts';
import * as log from './log-rules.ts';
import * as rest from './rest-rules.ts';
import type { Invariant } from './rule.ts';

export const invariants: readonly Invariant[] = [
  { id: 'I1', title: 'D5 a task has at most one live claim', onEvent: log.oneLiveClaim, onCompare: log.oneLiveAttempt },
  { id: 'I2', title: 'P3 an old token changes nothing', onEvent: log.noOldToken },
  { id: 'I3', title: 'tokens only grow', onEvent: log.tokensGrow },
  { id: 'I4', title: 'no acknowledged event is lost, and readers miss none', atQuiet: rest.acknowledgedIsKept },
  { id: 'I5', title: 'no event is invented', onEvent: log.noneInvented },
  { id: 'I6', title: 'replaying the log gives the stored state', onCompare: rest.replayIsStored },
  {
    id: 'I7',
    title: 'P1 all commits and files that agents made stay reachable',
    onRemove: git.nothingIsRemovedUnkept,
    atQuiet: git.allWorkIsReachable,
  },
  { id: 'I7', title: 'A10 work put onto another base is kept, before and after', onEvent: git.restackedIsKept },
  { id: 'I8', title: 'the target moves from its tip to green trees only', onMove: git.targetMovesToGreenTrees },
  {
    id: 'I8',
    title: 'a landing begins with what was validated by the checks in force',
    onEvent: git.intentIsValidated,
  },
  { id: 'I8', title: 'nothing is edited while it moves', onEvent: git.nothingIsEditedWhileItMoves },
  { id: 'I8', title: 'what lands is the work of its task, whole and alone', onMove: git.landsItsWorkAlone },
  { id: 'I8', title: 'nothing lands on what others put on the target', onMove: git.landsOnNothingForeign },
  {
    id: 'I9',
    title: 'the target never goes back, a task lands once',
    onMove: git.targetOnlyGrows,
    onEvent: git.landsOnce,
  },
  { id: 'I10', title: 'B9 every task ends landed, cancelled or with a person', atQuiet: rest.everyTaskHasAnEnd },
  { id: 'I11', title: 'attempts are bounded', onEvent: log.attemptsAreBounded },
  { id: 'I12', title: 'messages arrive once and in order', atQuiet: rest.messagesAreInOrder },
  { id: 'I13', title: 'D5 live attempts never overlap in scope', onEvent: log.scopesDoNotOverlap },
  { id: 'I14', title: 'a task starts only when its dependencies allow', onEvent: log.startsOnlyWhenAllowed },
  { id: 'I14', title: 'A10 nothing lands before what it needs', onEvent: git.landsAfterItsNeeds },
  { id: 'I14', title: 'A4 no start on deep unlanded work', onEvent: log.stacksAreShallow },
  { id: 'I15', title: 'nothing is left behind', atQuiet: rest.nothingIsLeftBehind },
  { id: 'I16', title: 'slots and limits are kept', onEvent: log.slotsAreKept },
  { id: 'I16', title: 'P6 nobody works on an account that rests', onEvent: log.accountsRest },
  { id: 'healthy', title: 'P3 nobody ends a runner that beats in time', onKill: rest.onlyTheSickAreEnded },
];
