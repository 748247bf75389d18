/** What a person does with the target and in the checkout that has it: commit, switch branches, take the target as it is. */
import type { Store } from '../../src/store/store.ts';
import { planId, target } from './scenario.ts';
import type { Simulation } from './simulation.ts';

const byPerson = 'by a person';

/** Takes the target as it is, with what people put there. */
export async function acceptTarget(sim: Simulation, store: Store): Promise<void> {
  const commit = sim.git.refs.get(target);
  if (commit === undefined || sim.git.commit(commit).message !== byPerson) return;
  sim.foreign.delete(commit);
  await store.startTarget(planId, { target, commit, accepted: true }, 'person', sim.world.now());
}

/** To the target or to another branch; git refuses to while somebody holds the index. */
export function switchBranch({ checkout, git, random }: Simulation): void {
  const tip = git.refs.get(target);
  checkout.dirty = random.chance(0.4);
  if (checkout.holder !== null || tip === undefined) return;
  if (!checkout.present) checkout.at = tip;
  checkout.present = random.chance(0.7);
}

/** A person commits on the target: an honest move whose checks are green, but not one that Orbit knows of. */
export function commitOnTarget(sim: Simulation): boolean {
  const { git, random } = sim;
  const tip = git.refs.get(target);
  if (tip === undefined || isRefused(sim, tip)) return false;
  const files = new Map(git.filesAt(tip));
  const path = random.chance(0.7) ? `notes/${random.int(1, 9)}.md` : random.pick([...files.keys()]);
  files.set(path, `by a person ${random.int(0, 9_999)}`);
  if (!sim.scenario.plan.checks.every((check) => sim.isGreen(check, git.writeTree(files)))) return false;
  const commit = git.writeCommit({
    tree: git.writeTree(files),
    parents: [tip],
    message: byPerson,
    atMs: sim.world.now(),
  });
  sim.moving([{ ref: target, from: tip, to: commit }], 'person');
  git.forceRefs([{ ref: target, from: tip, to: commit }]);
  if (sim.checkout.present) sim.checkout.at = commit;
  sim.foreign.add(commit);
  return true;
}

/** A commit in the checkout needs its index; with that in hand, the files must be those of the commit that it is made on. */
function isRefused(sim: Simulation, tip: string): boolean {
  const { present, holder, at } = sim.checkout;
  if (!present) return false;
  if (holder !== null) sim.reach('commit in a held checkout refused');
  else if (at !== tip) sim.fail('I8', `a person commits the files of ${at} on top of ${tip}`);
  return holder !== null;
}
