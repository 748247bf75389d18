/** The tree of paths, and beside each who may write it now. */
import { useMemo, useState, type ReactElement } from 'react';
import type { Reservations } from '../../data/queries.ts';
import { plain } from '../../parts/plain.ts';
import { TaskRef } from '../../parts/TaskRef.tsx';
import { toggled } from '../../parts/typed.ts';
import { pathRows, pathTree, type PathNode } from './path-tree.ts';
import classes from './scope.module.css';

export function Paths({ held, conflicts }: Pick<Reservations, 'held' | 'conflicts'>): ReactElement {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const root = useMemo(
    () =>
      pathTree(
        held.map(({ task, plan, agent, scope }) => ({ task: `${plan}/${task.replace(`${plan}/`, '')}`, agent, scope })),
        conflicts.flatMap(({ paths }) => paths),
      ),
    [held, conflicts],
  );
  const toggle = (path: string): void => setClosed(toggled(closed, path));
  return (
    <table className={classes['paths']} aria-label="Paths and who may write them">
      <thead>
        <tr>
          <th scope="col">Path</th>
          <th scope="col">Held by</th>
          <th scope="col">Tasks at and below</th>
          <th scope="col">Conflicts ahead</th>
        </tr>
      </thead>
      <tbody>
        {pathRows(root, closed).map((node) => (
          <Row key={node.path} node={node} isClosed={closed.has(node.path)} onToggle={() => toggle(node.path)} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  readonly node: PathNode;
  readonly isClosed: boolean;
  readonly onToggle: () => void;
}

function Row({ node, isClosed, onToggle }: RowProps): ReactElement {
  const { name, level, holders, tasks, conflicts, children } = node;
  return (
    <tr data-hot={conflicts > 0}>
      <td data-level={Math.min(6, level)}>
        {children.length > 0 ? (
          <button
            type="button"
            className={classes['toggle']}
            aria-expanded={!isClosed}
            aria-label={`What is in ${plain(name)}`}
            data-open={!isClosed}
            onClick={onToggle}
          >
            ▸
          </button>
        ) : (
          <span className={classes['toggle']} />
        )}
        <code>{plain(name)}</code>
      </td>
      <td>
        {holders.map(({ task, agent, entry }) => (
          <span key={`${task} ${entry}`} className={classes['holder']} title={`${agent}: ${plain(entry)}`}>
            <TaskRef id={task} plan={task.slice(0, task.indexOf('/'))} /> {agent}
            {/[*?[{]/.test(entry) && <small> {plain(entry.slice(entry.search(/[^/]*[*?[{]/)))}</small>}
          </span>
        ))}
      </td>
      <td>
        <span className={classes['heat']} data-heat={Math.min(4, tasks)}>
          {tasks}
        </span>
      </td>
      <td>{conflicts === 0 ? '–' : <b>▲ {conflicts}</b>}</td>
    </tr>
  );
}
