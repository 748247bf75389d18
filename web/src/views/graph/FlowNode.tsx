/** A node and an edge of the graph as elements. Each watches its own state in the store and nothing else. */
import {
  BaseEdge,
  getBezierPath,
  Handle,
  Position,
  type Edge,
  type EdgeProps,
  type Node,
  type NodeProps,
} from '@xyflow/react';
import { createContext, use, useCallback, useSyncExternalStore, type ReactElement } from 'react';
import { Icon } from '../../parts/Icon.tsx';
import { statusLooks } from '../../parts/status.ts';
import type { GraphNode } from './fold.ts';
import classes from './graph.module.css';
import { isLit } from './marks.ts';
import { NodeStore, type NodeState } from './node-store.ts';

export interface FlowHandlers {
  readonly onSelect: (key: string | null) => void;
  readonly onHover: (key: string | null) => void;
  readonly onOpen: (key: string) => void;
  readonly onMenu: (key: string, at: { x: number; y: number }) => void;
}

export interface FlowData extends Record<string, unknown> {
  readonly node: GraphNode;
}

interface Shared {
  readonly store: NodeStore;
  readonly selected: string | null;
  readonly onMenu: FlowHandlers['onMenu'];
}

export const FlowContext = createContext<Shared>({ store: new NodeStore(), selected: null, onMenu: () => {} });

function useNode(key: string): NodeState {
  const { store } = use(FlowContext);
  const subscribe = useCallback((listener: () => void) => store.subscribe(key, listener), [store, key]);
  return useSyncExternalStore(subscribe, () => store.get(key));
}

export function FlowNode({ id, data: { node } }: NodeProps<Node<FlowData>>): ReactElement {
  const { status, mark, note } = useNode(id);
  const { selected, onMenu } = use(FlowContext);
  const { shape, word, color } = statusLooks[status];
  const name = node.task?.id ?? node.title;
  return (
    <div
      className={classes['node']}
      data-color={color}
      data-status={status}
      data-mark={mark}
      data-selected={id === selected}
      data-group={node.group !== null}
      title={`${name}: ${node.title} (${word})`}
    >
      {/* Where edges end: the library measures these once a node is drawn, whatever it was given before. */}
      <Handle type="target" position={Position.Left} isConnectable={false} className={classes['handle']} />
      <Handle type="source" position={Position.Right} isConnectable={false} className={classes['handle']} />
      <div className={classes['head']}>
        <span className={classes['shape']} aria-hidden>
          {shape}
        </span>
        <span className={classes['id']}>{name}</span>
        <span className={classes['note']}>{note === '' || node.group !== null ? word : note}</span>
        <button
          type="button"
          tabIndex={-1}
          className={classes['more']}
          aria-label={`Actions for ${name}`}
          onClick={(event) => {
            event.stopPropagation();
            const box = event.currentTarget.getBoundingClientRect();
            onMenu(id, { x: box.left, y: box.bottom });
          }}
        >
          <Icon name="more" size={14} />
        </button>
      </div>
      <div className={classes['title']}>{node.task === null ? note : node.title}</div>
    </div>
  );
}

export function FlowEdge({ source, target, ...ends }: EdgeProps<Edge>): ReactElement {
  const from = useNode(source);
  const to = useNode(target);
  const [path] = getBezierPath(ends);
  const isNear = from.mark === 'self' || to.mark === 'self';
  const lit = from.mark === 'chain' ? 'chain' : isNear ? 'near' : 'far';
  const state = isLit(from.mark, to.mark) ? lit : from.mark === 'none' ? 'plain' : 'dim';
  return (
    <BaseEdge path={path} interactionWidth={0} className={`${classes['edge']} ${classes[`edge-${state}`] ?? ''}`} />
  );
}
