/**
 * The nodes in view as real elements: text that can be read and copied, buttons that can be pressed.
 *
 * Sizes and handles are given, else nothing would be left out that is out of view; what changes comes from the store, node by node.
 */
import '@xyflow/react/dist/base.css';
import { Position, ReactFlow, type Edge, type Node } from '@xyflow/react';
import { useEffect, useMemo, useSyncExternalStore, type ReactElement } from 'react';
import { zoomMax, zoomMin } from './camera.ts';
import { FlowContext, FlowEdge, FlowNode, type FlowData, type FlowHandlers } from './FlowNode.tsx';
import classes from './graph.module.css';
import { nodeHeight, nodeWidth } from './layout.ts';
import type { NodeStore } from './node-store.ts';
import type { Scene } from './scene.ts';
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
  const nodes = useMemo(
    () =>
      scene.nodes.map(({ key, node, x, y }): Node<FlowData> => ({
        id: key,
        type: 'task',
        position: { x, y },
        width: nodeWidth,
        height: nodeHeight,
        handles,
        data: { node },
      })),
    [scene],
  );
  const edges = useMemo(
    () =>
      scene.edges.map(({ from, to }): Edge => ({
        id: `${from.key}→${to.key}`,
        source: from.key,
        target: to.key,
        type: 'need',
      })),
    [scene],
  );
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
