/**
 * The dependency graph of tasks, by name.
 *
 * Owns its questions: order, rings, dependants, what lies below, the critical path. All walk without recursion and in
 * time linear in tasks and edges, so that a chain of 100,000 tasks is answered like any other graph. Dependencies on
 * names that are not in the graph are ignored: they belong to other plans and cannot close a ring here.
 */

/** Each name with what it depends on. The map's order decides between equals, so the answers are always the same. */
export type Graph<Name extends string> = ReadonlyMap<Name, readonly Name[]>;

/** Who depends on each name, in the graph's order; every name of the graph has an entry. */
export function dependantsOf<Name extends string>(graph: Graph<Name>): Map<Name, Name[]> {
  const dependants = new Map<Name, Name[]>();
  for (const name of graph.keys()) dependants.set(name, []);
  for (const [name, dependencies] of graph) {
    for (const dependency of new Set(dependencies)) dependants.get(dependency)?.push(name);
  }
  return dependants;
}

/** All names so that each comes after what it depends on. Names on a ring, and all above them, are left out. */
export function topologicalOrder<Name extends string>(graph: Graph<Name>): Name[] {
  const dependants = dependantsOf(graph);
  const open = new Map<Name, number>();
  for (const [name, dependencies] of graph) {
    open.set(name, [...new Set(dependencies)].filter((dependency) => graph.has(dependency)).length);
  }
  const order = [...graph.keys()].filter((name) => open.get(name) === 0);
  // The array grows while it is walked: it is the queue of names whose dependencies are all in it.
  for (const name of order) {
    for (const dependant of dependants.get(name) ?? []) {
      const left = (open.get(dependant) ?? 0) - 1;
      open.set(dependant, left);
      if (left === 0) order.push(dependant);
    }
  }
  return order;
}

/** A graph may hold a great many rings; whoever repairs these ones looks again. */
const passesMax = 10;

/**
 * Rings of dependencies, each as the path along it: `['a', 'b', 'a']` says that a depends on b and b on a. No two share
 * a name. None means that the graph has no cycle.
 */
export function findCycles<Name extends string>(graph: Graph<Name>): Name[][] {
  const cycles: Name[][] = [];
  let tangled = tangledPart(graph);
  for (let pass = 0; pass < passesMax && tangled.size > 0; pass += 1) {
    const found = cyclesAlongFirstEdges(tangled);
    cycles.push(...found);
    tangled = tangledPart(without(tangled, found.flat()));
  }
  return cycles;
}

/** Every name has an edge, so whoever follows the first one of each must come round. */
function cyclesAlongFirstEdges<Name extends string>(tangled: Graph<Name>): Name[][] {
  const cycles: Name[][] = [];
  const seen = new Set<Name>();
  for (const start of tangled.keys()) {
    const trail: Name[] = [];
    let name: Name | undefined = start;
    while (name !== undefined && !seen.has(name)) {
      seen.add(name);
      trail.push(name);
      name = tangled.get(name)?.[0];
    }
    const entry = name === undefined ? -1 : trail.indexOf(name);
    if (name !== undefined && entry >= 0) cycles.push([...trail.slice(entry), name]);
  }
  return cycles;
}

/** What is left when everything below all rings and everything above them is taken away; each name keeps an edge inside. */
function tangledPart<Name extends string>(graph: Graph<Name>): Graph<Name> {
  const notAbove = without(graph, topologicalOrder(graph));
  return without(notAbove, topologicalOrder(dependantsOf(notAbove)));
}

function without<Name extends string>(graph: Graph<Name>, dropped: readonly Name[]): Graph<Name> {
  const out = new Set(dropped);
  const left = new Map<Name, readonly Name[]>();
  for (const [name, dependencies] of graph) {
    if (out.has(name)) continue;
    left.set(
      name,
      dependencies.filter((dependency) => graph.has(dependency) && !out.has(dependency)),
    );
  }
  return left;
}

/** Everything that `name` depends on, directly or through others; `name` itself only when it lies on a ring. */
export function ancestorsOf<Name extends string>(graph: Graph<Name>, name: Name): Set<Name> {
  const found = new Set<Name>();
  const open = [name];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const dependency of graph.get(next) ?? []) {
      if (found.has(dependency)) continue;
      found.add(dependency);
      open.push(dependency);
    }
  }
  return found;
}

/**
 * The chain of dependencies that takes longest: no number of agents finishes sooner.
 * @param durationMs how long each task takes. Tasks on or above a ring are left out.
 */
export function criticalPath<Name extends string>(
  graph: Graph<Name>,
  durationMs: (name: Name) => number,
): { path: Name[]; lengthMs: number } {
  const endsAt = new Map<Name, number>();
  const before = new Map<Name, Name>();
  let last: Name | undefined;
  for (const name of topologicalOrder(graph)) {
    let latest = 0;
    for (const dependency of graph.get(name) ?? []) {
      const end = endsAt.get(dependency);
      if (end === undefined || (end <= latest && before.has(name))) continue;
      before.set(name, dependency);
      latest = Math.max(latest, end);
    }
    const end = latest + durationMs(name);
    endsAt.set(name, end);
    if (last === undefined || end > (endsAt.get(last) ?? 0)) last = name;
  }
  const path: Name[] = [];
  for (let name = last; name !== undefined; name = before.get(name)) path.push(name);
  return { path: path.toReversed(), lengthMs: last === undefined ? 0 : (endsAt.get(last) ?? 0) };
}

/**
 * For each group of names: how many others depend on one of it, directly or through others; whoever is in the group counts nothing.
 *
 * All groups are answered together, 32 in a walk, so that thousands of them cost about what one look at the graph for each word of
 * memory costs. Names on or above a ring, and names that the graph does not have, count nothing.
 */
export function countBehind<Name extends string>(graph: Graph<Name>, groups: readonly (readonly Name[])[]): number[] {
  const order = topologicalOrder(graph);
  const places = new Map(order.map((name, place) => [name, place]));
  const below = order.map((name) => (graph.get(name) ?? []).flatMap((dependency) => places.get(dependency) ?? []));
  const counts = groups.map(() => 0);
  for (let first = 0; first < groups.length; first += groupsAtOnce) {
    const members = new Uint32Array(order.length);
    for (const [bit, group] of groups.slice(first, first + groupsAtOnce).entries()) {
      for (const name of group) {
        const place = places.get(name);
        if (place !== undefined) members[place] = (members[place] ?? 0) | (1 << bit);
      }
    }
    const behind = new Uint32Array(order.length);
    for (const [place, dependencies] of below.entries()) {
      let bits = 0;
      for (const dependency of dependencies) bits |= (behind[dependency] ?? 0) | (members[dependency] ?? 0);
      behind[place] = bits;
      bits &= ~(members[place] ?? 0);
      for (; bits !== 0; bits &= bits - 1) {
        const index = first + (31 - Math.clz32(bits & -bits));
        counts[index] = (counts[index] ?? 0) + 1;
      }
    }
  }
  return counts;
}

/** Bits of a word. */
const groupsAtOnce = 32;
