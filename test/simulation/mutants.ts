/**
 * Deliberately broken parts, each with the invariant that has to notice: the simulator's own proof that it looks.
 *
 * A mutant breaks one promise of one port from outside; nothing of the code under test is changed.
 */
import type { TaskCommand } from '../../src/core/command.ts';
import type { TaskKey } from '../../src/core/id.ts';
import type { Plan } from '../../src/core/plan.ts';
import { isRejection, reject } from '../../src/core/rejection.ts';
import type { ClaimRequest, Execution, PlanChange, Store } from '../../src/store/store.ts';
import type { CheckoutHold, Repository } from '../../src/workspace/repository.ts';
import type { Mutant } from './outcome.ts';
import type { Scenario } from './scenario.ts';
import { wrapMethods, type Method } from './wrap-methods.ts';

export interface NamedMutant {
  what: string;
  /** Any of these is a fair first notice. */
  noticedBy: readonly string[];
  mutant: Mutant;
  /** Makes the state likelier in which it shows. */
  scenario?: Partial<Scenario>;
}

/** Replaces one method of a port; the replacement gets the whole port as it was. */
function replace<Port extends object>(
  name: keyof Port & string,
  by: (port: Port, method: Method) => Method,
): (port: Port) => Port {
  return (port) => wrapMethods(port, (each, method) => (each === name ? by(port, method) : method));
}

const inStore = (name: keyof Store & string, by: (store: Store, method: Method) => Method): Mutant => ({
  store: replace<Store>(name, by),
});
const inGit = (name: 'moveRefs' | 'holdCheckout', by: (git: Repository, method: Method) => Method): Mutant => ({
  repository: replace<Repository>(name, by),
});

/** Lets whoever writes pass for the attempt that holds the task. */
async function withCurrentToken(store: Store, key: TaskKey, command: TaskCommand): Promise<TaskCommand> {
  const claim = (await store.task(key))?.task.claim ?? null;
  return 'token' in command && claim !== null ? { ...command, token: claim.token } : command;
}

export const mutants: readonly NamedMutant[] = [
  {
    what: 'the store forgets which plans land on a target, so that nobody watches it',
    noticedBy: ['I8'],
    mutant: inStore(
      'plans',
      (_store, plans) =>
        async (...args) =>
          ((await plans(...args)) as Plan[]).map((plan) => ({ ...plan, target: 'refs/heads/elsewhere' })),
    ),
    scenario: { personMs: 4_000 },
  },
  {
    what: 'the store takes writes with old tokens',
    noticedBy: ['I2'],
    mutant: inStore('execute', (store, execute) => async (...args) => {
      const [key, command, context] = args as [TaskKey, TaskCommand, Execution];
      return execute(key, await withCurrentToken(store, key, command), context);
    }),
  },
  {
    what: 'the store tells every beat that it counts',
    noticedBy: ['I2'],
    mutant: inStore('beat', (_store, beat) => async (...args) => {
      await beat(...args);
      return true;
    }),
  },
  {
    what: 'the store drops an event from what readers get',
    noticedBy: ['I4', 'I6'],
    mutant: inStore('events', (_store, events) => async (...args) => {
      const found = (await events(...args)) as { seq: number }[];
      return found.length > 1 ? found.filter(({ seq }) => seq % 50 !== 49) : found;
    }),
  },
  {
    what: 'the store writes an event that nobody asked for',
    noticedBy: ['I5'],
    mutant: inStore('claim', (store, claim) => async (...args) => {
      const answer = await claim(...args);
      if (!isRejection(answer)) await store.record({ type: 'clock-jumped', gapMs: 1 }, 'ghost', args[2] as number);
      return answer;
    }),
  },
  {
    what: 'the store shows a task otherwise than its log says',
    noticedBy: ['I6', 'I11', 'I14'],
    mutant: inStore('tasks', (_store, tasks) => async (...args) => {
      const records = (await tasks(...args)) as { task: object }[];
      return records.map((record, index) =>
        index === 0 ? { ...record, task: { ...record.task, attempts: 99 } } : record,
      );
    }),
  },
  {
    what: 'workspaces are removed without a look at what is in them',
    noticedBy: ['I7'],
    mutant: {
      workspaces: (workspaces, directories) =>
        wrapMethods(workspaces, (name, method) => {
          if (name === 'salvage') return async () => [];
          if (name !== 'remove') return method;
          return async (_task, _token, path) => {
            const directory = directories.open.get(path as string);
            if (directory !== undefined) directories.onRemove(directory);
            return directories.open.delete(path as string);
          };
        }),
    },
  },
  {
    what: 'nobody looks whether a task was edited while it was validated',
    noticedBy: ['I8', 'I14'],
    mutant: inStore('execute', (_store, execute) => async (...args) => {
      const [key, command, context] = args as [TaskKey, TaskCommand, Execution];
      return execute(key, command.type === 'begin-landing' ? { ...command, judgedBy: null } : command, context);
    }),
    scenario: { personMs: 2_000 },
  },
  { what: 'checks are called green that are not', noticedBy: ['I8'], mutant: { checksLie: true } },
  {
    what: 'the target moves without compare-and-swap',
    noticedBy: ['I8', 'I9'],
    mutant: inGit('moveRefs', (git, moveRefs) => async (...args) => {
      const moves = args[0] as { ref: string; from: string | null; to: string | null }[];
      const forced = [];
      for (const move of moves) forced.push({ ...move, from: await git.resolve(move.ref) });
      return moveRefs(forced);
    }),
  },
  {
    what: 'a checkout is free again before its branch moves',
    noticedBy: ['I8'],
    mutant: inGit('holdCheckout', (_git, holdCheckout) => async (...args) => {
      const hold = (await holdCheckout(...args)) as CheckoutHold | null;
      await hold?.release();
      return hold;
    }),
    scenario: { personMs: 2_000, faultShare: 0.02, faultsUntilMs: 400_000 },
  },
  {
    what: 'one task is never given out',
    noticedBy: ['I10'],
    mutant: inStore('claim', (_store, claim) => async (...args) => {
      const [request, ...rest] = args as [ClaimRequest, string, number];
      return request.byHand ? claim(request, ...rest) : reject('nothing-ready', 'nothing', 'wait');
    }),
  },
  {
    what: 'failures are forgiven without end',
    noticedBy: ['I11'],
    mutant: inStore('execute', (_store, execute) => async (...args) => {
      const [key, command, context] = args as [TaskKey, TaskCommand, Execution];
      const lenient =
        'rule' in command && typeof command.rule === 'object' && command.rule !== null
          ? { ...command, rule: { ...command.rule, attemptsMax: 1_000, retryDelayMs: 1 } }
          : command;
      return execute(key, lenient, context);
    }),
  },
  {
    what: 'a message sent again is another message',
    noticedBy: ['I12'],
    mutant: (() => {
      let count = 0;
      return inStore('send', (_store, send) => async (...args) => {
        count += 1;
        return send({ ...(args[0] as object), id: `${(args[0] as { id: string }).id}-${count}` });
      });
    })(),
  },
  {
    what: 'scopes are not looked at',
    noticedBy: ['I13'],
    mutant: inStore('claim', (_store, claim) => async (...args) => {
      const [request, ...rest] = args as [ClaimRequest, string, number];
      return claim({ ...request, shared: ['**'] }, ...rest);
    }),
  },
  {
    what: 'dependencies are forgotten',
    noticedBy: ['I14'],
    mutant: inStore('applyPlan', (_store, applyPlan) => async (...args) => {
      const [change, ...rest] = args as [PlanChange, string, number];
      const tasks = change.draft.tasks.map((task) => ({ ...task, dependencies: [] }));
      return applyPlan({ ...change, draft: { ...change.draft, tasks } }, ...rest);
    }),
  },
  {
    what: 'nobody looks how deep unlanded work lies',
    noticedBy: ['I14'],
    mutant: inStore('claim', (_store, claim) => async (...args) => {
      const [{ stack: _stack, ...request }, ...rest] = args as [ClaimRequest, string, number];
      return claim(request, ...rest);
    }),
  },
  {
    what: 'directories are said to be removed and are not',
    noticedBy: ['I15'],
    mutant: {
      workspaces: (workspaces) =>
        wrapMethods(workspaces, (name, method) => (name === 'remove' ? async () => true : method)),
    },
  },
  {
    what: 'running attempts are not seen when work is given out',
    noticedBy: ['I16'],
    mutant: inStore('attempts', () => async () => []),
  },
  { what: 'runners that live are said to be gone', noticedBy: ['healthy'], mutant: { hostLies: true } },
  {
    what: 'the exit of a second runner is taken for that of the first',
    noticedBy: ['healthy'],
    mutant: { hostTrustsChild: true },
    scenario: { slowStartShare: 0.5, faultShare: 0.02, coordinators: 2 },
  },
];
