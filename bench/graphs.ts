/**
 * Generated task graphs: the shapes that real plans and workflows have. Seeded, so that every run schedules the same ones.
 */
import type { BoundTask } from '../src/core/bounds.ts';
import type { TaskKey } from '../src/core/id.ts';
import { Random } from '../test/simulation/random.ts';

export const shapes = ['layered', 'fork-join', 'pipelines', 'montage', 'random'] as const;
export type Shape = (typeof shapes)[number];

/** A graph of about `size` tasks. Durations are lognormal around their class's own median, as agents' tasks are. */
export function generateGraph(shape: Shape, size: number, seed: number): BoundTask[] {
  const random = new Random(seed * 7_919 + size * 31 + shapes.indexOf(shape));
  return makers[shape](new Builder(random), size, random);
}

/** `exp(N(0, sigma))`: 1 in the median. */
export function lognormal(random: Random, sigma: number): number {
  const radius = Math.sqrt(-2 * Math.log(1 - random.next()));
  return Math.exp(sigma * radius * Math.cos(2 * Math.PI * random.next()));
}

/** Gives each task one to three of `files` paths, the low numbers far more often than the high ones (Zipf). */
export function withScopes(tasks: readonly BoundTask[], files: number, seed: number): BoundTask[] {
  const random = new Random(seed);
  const weights = Object.fromEntries(Array.from({ length: files }, (_, index) => [`f${index}`, (index + 1) ** -0.8]));
  return tasks.map((task) => {
    const scope = new Set(Array.from({ length: random.int(1, 3) }, () => random.weighted(weights)));
    return { ...task, scope: [...scope] };
  });
}

/** In milliseconds; its size does not matter to any ratio. */
const medianMs = 1_500_000;

class Builder {
  readonly tasks: BoundTask[] = [];
  readonly #random: Random;
  readonly #classes = new Map<string, number>();

  constructor(random: Random) {
    this.#random = random;
  }

  add(name: string, dependencies: readonly TaskKey[]): TaskKey {
    let classMs = this.#classes.get(name);
    if (classMs === undefined) this.#classes.set(name, (classMs = medianMs * lognormal(this.#random, 0.6)));
    const key: TaskKey = `p/${this.tasks.length}`;
    this.tasks.push({
      key,
      dependencies: [...new Set(dependencies)],
      durationMs: Math.ceil(classMs * lognormal(this.#random, 0.5)),
      scope: [],
    });
    return key;
  }

  many(count: number, name: string, dependencies: (index: number) => readonly TaskKey[]): TaskKey[] {
    return Array.from({ length: Math.max(1, Math.round(count)) }, (_, index) => this.add(name, dependencies(index)));
  }
}

type Maker = (build: Builder, size: number, random: Random) => BoundTask[];

const makers: Readonly<Record<Shape, Maker>> = {
  layered(build, size, random) {
    const layers = Math.max(3, Math.round(Math.sqrt(size) / 2));
    let above: TaskKey[] = [];
    for (let layer = 0; layer < layers; layer += 1) {
      const from = above;
      const needs = (): TaskKey[] =>
        from.length === 0 ? [] : Array.from({ length: random.int(1, 3) }, () => random.pick(from));
      above = build.many((size / layers) * (0.5 + random.next()), `layer ${layer}`, needs);
    }
    return build.tasks;
  },
  'fork-join'(build, size, random) {
    let join = build.add('start', []);
    while (build.tasks.length < size) {
      const fork = join;
      const parts = build.many(random.int(3, Math.max(4, Math.round(size / 5))), `fork ${build.tasks.length}`, () => [
        fork,
      ]);
      join = build.add('join', parts);
    }
    return build.tasks;
  },
  pipelines(build, size) {
    const steps = 5;
    const start = build.add('split', []);
    const ends = Array.from({ length: Math.round(size / steps) }, () => {
      let last = start;
      for (let step = 0; step < steps; step += 1) last = build.add(`step ${step}`, [last]);
      return last;
    });
    build.add('report', [build.add('merge', ends)]);
    return build.tasks;
  },
  montage(build, size) {
    const width = size / 4;
    const projected = build.many(width, 'project', () => []);
    const at = (index: number): TaskKey => projected[index % projected.length] as TaskKey;
    const differences = build.many(width * 1.8, 'difference', (index) => [
      at(index),
      at(index + 1 + Math.floor(index / projected.length)),
    ]);
    const model = build.add('model', [build.add('fit', differences)]);
    const corrected = build.many(width, 'correct', (index) => [model, at(index)]);
    build.add('view', [build.add('shrink', [build.add('add', [build.add('table', corrected)])])]);
    return build.tasks;
  },
  random(build, size, random) {
    build.many(size, 'any', (index) => {
      const count = Math.min(index, random.int(0, 3));
      return Array.from(
        { length: count },
        (): TaskKey => `p/${random.int(Math.max(0, index - size / 3), index - 1) | 0}`,
      );
    });
    return build.tasks;
  },
};
