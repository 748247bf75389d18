/**
 * The nodes in view as real elements: text that can be read and copied, buttons that can be pressed.
 *
 * Sizes and handles are given, else nothing would be left out that is out of view; what changes comes from the store, node by node.
 */
import '@xyflow/react/dist/base.css';
import { Position, ReactFlow, type Edge, type Node } from '@xyflow/react';
import { useEffect, useMemo, useState, useSyncExternalStore, type ReactElement } from 'react';
import { overlaps, seen, zoomMax, zoomMin, type Box, type Camera } from './camera.ts';
import { FlowContext, FlowEdge, FlowNode, type FlowData, type FlowHandlers } from './FlowNode.tsx';
import classes from './graph.module.css';
import { nodeHeight, nodeWidth } from './layout.ts';
import type { NodeStore } from './node-store.ts';
import type { Scene, SceneNode } from './scene.ts';
import type { Viewport } from './viewport.ts';

interface FlowProps extends FlowHandlers {
  readonly scene: Scene;
  readonly store: NodeStore;
  readonly viewport: Viewport;
  readonly selected: string | null;
  /** Tells whether it stands: the canvas then leaves nodes and edges to it. */
  readonly onShown: (shown: boolean) => void;
}

const nodeTypes = { task: FlowNode };
const edgeTypes = { need: FlowEdge };
const middle = { y: nodeHeight / 2, width: 1, height: 1 };
const handles = [
  { type: 'source' as const, position: Position.Right, x: nodeWidth, ...middle },
  { type: 'target' as const, position: Position.Left, x: 0, ...middle },
];

export default function Flow({ scene, store, viewport, selected, onShown, ...handlers }: FlowProps): ReactElement {
  const camera = useSyncExternalStore(viewport.subscribe, () => viewport.camera);
  useEffect(() => (onShown(true), () => onShown(false)), [onShown]);
  const region = useRegion(viewport, camera);
  const { nodes, edges } = useMemo(() => partOf(scene, region), [scene, region]);
  const { onSelect, onHover, onOpen, onMenu } = handlers;
  const shared = useMemo(() => ({ store, selected, onMenu }), [store, selected, onMenu]);
  return (
    <FlowContext value={shared}>
      <ReactFlow
        className={classes['flow'] ?? ''}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        onlyRenderVisibleElements
        viewport={camera}
        onViewportChange={(next) => viewport.move(next)}
        minZoom={zoomMin}
        maxZoom={zoomMax}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        edgesFocusable={false}
        elementsSelectable={false}
        disableKeyboardA11y
        zoomOnDoubleClick={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        zoomActivationKeyCode={null}
        proOptions={{ hideAttribution: true }}
        onNodeClick={(_event, { id }) => onSelect(id)}
        onNodeDoubleClick={(_event, { id }) => onOpen(id)}
        onNodeMouseEnter={(_event, { id }) => onHover(id)}
        onNodeMouseLeave={() => onHover(null)}
        onNodeContextMenu={(event, { id }) => {
          event.preventDefault();
          onMenu(id, { x: event.clientX, y: event.clientY });
        }}
        onPaneClick={() => onSelect(null)}
      />
    </FlowContext>
  );
}

/** So many windows around the one in view are given to the library: all of a large plan would take it a good while to take in. */
const spare = 1;

/** A part of the picture around the window; it moves when the window leaves it. */
function useRegion({ size }: Viewport, camera: Camera): Box {
  const view = seen(camera, size);
  const [region, setRegion] = useState(() => around(view));
  const isInside =
    view.x >= region.x &&
    view.y >= region.y &&
    view.x + view.width <= region.x + region.width &&
    view.y + view.height <= region.y + region.height;
  if (isInside) return region;
  const next = around(view);
  setRegion(next);
  return next;
}

function around({ x, y, width, height }: Box): Box {
  const [across, down] = [width * spare, height * spare];
  return { x: x - across, y: y - down, width: width + 2 * across, height: height + 2 * down };
}

/** Nodes of a region with the edges at them, and the nodes at the other ends of these. */
function partOf(scene: Scene, region: Box): { nodes: Node<FlowData>[]; edges: Edge[] } {
  const inside = new Set(scene.nodes.filter((node) => overlaps(node, region)));
  const lines = scene.edges.filter(({ from, to }) => inside.has(from) || inside.has(to));
  const needed = new Set([...inside, ...lines.flatMap(({ from, to }) => [from, to])]);
  return { nodes: [...needed].map(nodeOf), edges: lines.map(edgeOf) };
}

function nodeOf({ key, node, x, y }: SceneNode): Node<FlowData> {
  return { id: key, type: 'task', position: { x, y }, width: nodeWidth, height: nodeHeight, handles, data: { node } };
}

function edgeOf({ from, to }: Scene['edges'][number]): Edge {
  return {
    id: `${from.key}→${to.key}`,
    source: from.key,
    target: to.key,
    type: 'need',
    // What needs what is told by the table, not by hundreds of lines.
    domAttributes: { 'aria-hidden': true },
  };
}
