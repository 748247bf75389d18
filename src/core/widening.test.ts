import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { calm, claimOf, taskWith } from '../../test/support/core-samples.ts';
import type { TaskCommand } from './command.ts';
import { decideTask } from './decide-task.ts';
import { evolveTask } from './evolve-task.ts';
import { isRejection } from './rejection.ts';
import { scopesOverlap } from './scope.ts';
import type { Task } from './task.ts';
import { riskFault, type ScopeHolder } from './widening.ts';

const faults: [entry: string, fault: string | null][] = [
  ['src/a.ts', null],
  ['src/**', null],
  ['*.md', null],
  ['docs/', null],
  ['.github/**', null],
  ['**', 'it is the whole repository'],
  ['*', 'it is the whole repository'],
  ['**/*', 'it is the whole repository'],
  ['.', 'it is the whole repository'],
  ['.github/workflows', 'it is run by continuous integration, with its secrets'],
  ['.github/workflows/*.yml', 'it is run by continuous integration, with its secrets'],
  ['./.GitHub/workflows/ci.yml', 'it is run by continuous integration, with its secrets'],
  ['.husky/', 'it is run by git, or by a tool for its hooks, at commits and checkouts'],
  ['.envrc', 'it is run by the shell of whoever enters the folder'],
];

for (const [entry, fault] of faults) {
  test(`P8 an attempt that wishes for ${entry} hears ${fault ?? 'nothing against it'}`, () => {
    expect(riskFault(entry)).toBe(fault);
  });
}

/** Few paths, so that scopes meet all the time. */
const entry = fc.constantFrom('a', 'b', 'c', 'd/', 'd/e', 'd/*.ts', 'd/f.ts', '?');
const entries = fc.uniqueArray(entry, { minLength: 1, maxLength: 3 });
const names = ['T1', 'T2', 'T3', 'T4'] as const;
const step = fc.record({
  task: fc.constantFrom(...names),
  does: fc.constantFrom('start', 'widen', 'widen', 'widen', 'person widens', 'grant', 'person grants', 'deny', 'end'),
  entries,
  rule: fc.constantFrom('free', 'free', 'ask', 'never'),
});

class World {
  readonly tasks = new Map<string, Task>();
  #token = 0;

  constructor(scopes: readonly (readonly string[])[]) {
    for (const [at, id] of names.entries())
      this.tasks.set(id, taskWith({ id, key: `001/${id}`, scope: scopes[at] ?? ['a'] }));
  }

  live(): Task[] {
    return [...this.tasks.values()].filter(({ claim }) => claim !== null);
  }

  holderOf(id: string, wanted: readonly string[]): ScopeHolder | null {
    const other = this.live().find((task) => task.id !== id && scopesOverlap(task.scope, wanted, []));
    return other?.claim ? { task: other.key, agent: other.claim.agent, token: other.claim.token } : null;
  }

  /** As the store's claim does it. */
  start(id: string): void {
    const task = this.tasks.get(id);
    if (task === undefined || task.claim !== null || this.holderOf(id, task.scope) !== null) return;
    this.tasks.set(id, { ...task, claim: claimOf('a-1', (this.#token += 1)) });
  }

  send(id: string, command: TaskCommand): void {
    const task = this.tasks.get(id);
    if (task === undefined) return;
    const around = { ...calm, holderOf: (wanted: readonly string[]) => this.holderOf(id, wanted) };
    const decision = decideTask(task, command, around);
    const events = isRejection(decision) ? [] : decision.events;
    const after = events.reduce<Task | null>(
      (folded, event) => evolveTask(folded, event, { key: task.key, at: 1, actor: 'ann' }),
      task,
    );
    if (after !== null) this.tasks.set(id, after);
  }
}

function commandOf(
  world: World,
  { task, does, entries: wanted, rule }: { task: string; does: string; entries: string[]; rule: string },
): TaskCommand {
  const token = world.tasks.get(task)?.claim?.token ?? 0;
  const why = 'it is called there';
  if (does === 'end') return { type: 'release', token, reason: '', commit: null };
  if (does === 'deny') return { type: 'deny-widening', reason: 'no' };
  if (does === 'grant' || does === 'person grants') return { type: 'grant-widening', byPerson: does !== 'grant' };
  return { type: 'widen', token: does === 'widen' ? token : null, entries: wanted, why, rule: rule as 'free' };
}

test('P8 I13 whatever is wished for, granted and ended in any order, two live attempts never overlap in scope', () => {
  let [granted, waited] = [0, 0];
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const world = new World([['a'], ['b'], ['c'], ['d/e']]);
      for (const id of names) world.start(id);
      for (const one of steps) {
        if (one.does === 'start') world.start(one.task);
        else world.send(one.task, commandOf(world, one));
        const live = world.live();
        for (const [at, task] of live.entries())
          for (const other of live.slice(at + 1)) expect(scopesOverlap(task.scope, other.scope, [])).toBe(false);
        for (const { claim, widening, widened } of world.tasks.values()) {
          expect(widening === null || claim !== null).toBe(true);
          waited += widening === null ? 0 : 1;
          granted += widened.length;
        }
      }
    }),
    { numRuns: 500 },
  );
  // The property says something only where both happened.
  expect(Math.min(granted, waited)).toBeGreaterThan(100);
});
