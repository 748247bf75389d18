/** From tasks to a picture: places only when the shape changes, statuses and marks in a store that React does not watch. */
import { useLayoutEffect, useMemo, useState } from 'react';
import type { Task } from '../../../../src/api/contract.ts';
import { foldedGraph, groupStatus, keyFrom, type GraphNode, type Grouping } from './fold.ts';
import { marksOf } from './marks.ts';
import { NodeStore, type NodeState } from './node-store.ts';
import { longestOpenChain } from './reach.ts';
import { sceneOf, shapeOf, type Scene } from './scene.ts';

export interface Graph {
  scene: Scene;
  store: NodeStore;
  /** As they are now; those of the scene know only the shape. */
  nodes: readonly GraphNode[];
  tasks: ReadonlyMap<string, Task>;
  /** Unmet needs of each task, as full keys. */
  waitingFor: ReadonlyMap<string, readonly string[]>;
  /** The longest chain of open nodes. */
  chain: readonly string[];
}

interface Asked {
  by: Grouping;
  folded: ReadonlySet<string>;
}

export function useGraph(tasks: readonly Task[], { by, folded }: Asked): Graph {
  const [store] = useState(() => new NodeStore());
  const nodes = useMemo(() => foldedGraph(tasks, by, folded), [tasks, by, folded]);
  const scene = useScene(nodes);
  const looks = useMemo(() => new Map(nodes.map((node) => [node.key, lookOf(node)])), [nodes]);
  useLayoutEffect(() => store.set(looks), [store, looks]);
  return useMemo(() => {
    const isOpen = (key: string): boolean => {
      const status = looks.get(key)?.status;
      return status !== 'landed' && status !== 'cancelled';
    };
    return {
      scene,
      store,
      nodes,
      tasks: new Map(tasks.map((task) => [task.key, task])),
      waitingFor: new Map(tasks.map((task) => [task.key, task.waitingFor.map((one) => keyFrom(task.plan, one))])),
      chain: longestOpenChain(scene.needs, isOpen),
    };
  }, [nodes, scene, store, looks, tasks]);
}

/** The same scene as long as nothing but statuses changes. */
function useScene(nodes: readonly GraphNode[]): Scene {
  const shape = useMemo(() => shapeOf(nodes), [nodes]);
  const [kept, keep] = useState(() => ({ shape, scene: sceneOf(nodes) }));
  if (kept.shape === shape) return kept.scene;
  const scene = sceneOf(nodes);
  keep({ shape, scene });
  return scene;
}

/** Marks what is in question, at once and outside of rendering. */
export function markGraph(
  { scene, store, chain }: Graph,
  asked: { focus: string | null; found: ReadonlySet<string> | null; showChain: boolean },
): void {
  const { focus, found, showChain } = asked;
  const marks = marksOf(scene.needs, scene.back, { focus, found, chain: showChain ? chain : [] });
  store.set([...marks].map(([key, mark]) => [key, { mark }]));
}

function lookOf({ task, group }: GraphNode): Pick<NodeState, 'status' | 'note'> {
  if (task !== null) return { status: task.status, note: task.status === 'running' ? (task.holder ?? '') : '' };
  const own = group?.tasks ?? [];
  const landed = own.filter(({ status }) => status === 'landed').length;
  return { status: groupStatus(own), note: `${landed} of ${own.length} landed` };
}

/** Keys of nodes with a task whose id, title, agent, kind or status holds all words; `null`: nothing is searched. */
export function search(nodes: readonly GraphNode[], text: string): ReadonlySet<string> | null {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return null;
  const fits = ({ id, title, status, holder, agent, kind }: Task): boolean => {
    const all = `${id} ${title} ${status} ${holder ?? agent ?? ''} ${kind}`.toLowerCase();
    return words.every((word) => all.includes(word));
  };
  const holds = ({ task, group }: GraphNode): boolean => (task === null ? (group?.tasks ?? []) : [task]).some(fits);
  return new Set(nodes.filter(holds).map(({ key }) => key));
}
