/** Picture or table of tasks with what is chosen beside it: of now, or of a moment of the past. */
import { Text } from '@mantine/core';
import { useCallback, useEffect, useMemo, useState, type ReactElement } from 'react';
import type { Task } from '../../../../src/api/contract.ts';
import { pathOf } from '../../app/Link.tsx';
import { navigate, setQuery, useQueryState } from '../../app/router.ts';
import { statusLooks } from '../../parts/status.ts';
import { Aside } from './Aside.tsx';
import { readCamera, writeCamera, type Camera } from './camera.ts';
import { groupings, type Grouping } from './fold.ts';
import classes from './graph.module.css';
import { Picture } from './Picture.tsx';
import { blockedBy } from './reach.ts';
import { TaskMenuAt } from '../../parts/TaskMenu.tsx';
import { Tree } from './Tree.tsx';
import { markGraph, search, useGraph, type Graph } from './use-graph.ts';

interface BoardProps {
  readonly tasks: readonly Task[];
  readonly live: boolean;
}

/** The state of the board in the address: `by`, `fold`, `find`, `chain`, `sel`, `cam`, `as`. */
export function useBoardState(): {
  by: Grouping;
  folded: ReadonlySet<string>;
  find: string;
  showChain: boolean;
  asTable: boolean;
} {
  const [by] = useQueryState('by', 'layer');
  const [fold] = useQueryState('fold');
  const [find] = useQueryState('find');
  const [chain] = useQueryState('chain');
  const [as] = useQueryState('as', 'picture');
  const folded = useMemo(() => new Set(fold.split(',').filter((one) => one !== '')), [fold]);
  const known = groupings.find((one) => one === by) ?? 'layer';
  return { by: known, folded, find, showChain: chain === 'yes', asTable: as === 'table' };
}

export function Board({ tasks, live }: BoardProps): ReactElement {
  const { by, folded, find, showChain, asTable } = useBoardState();
  const [selected, select] = useQueryState('sel');
  const [menu, setMenu] = useState<{ key: string; x: number; y: number } | null>(null);
  const [hovered, setHovered] = useState<string | null>(null);
  const graph = useGraph(tasks, { by, folded });
  const found = useMemo(() => search(graph.nodes, find), [graph, find]);
  const chosen = selected !== '' && graph.scene.byKey.has(selected) ? selected : null;
  const focus = hovered ?? chosen;
  useEffect(() => markGraph(graph, { focus, found, showChain }), [graph, focus, found, showChain]);
  const onSelect = useCallback(
    (key: string | null) => (key?.startsWith('group:') === true ? toggleFold(key.slice(6)) : select(key ?? '')),
    [select],
  );
  const onOpen = useCallback(
    (key: string) => {
      const task = graph.tasks.get(key);
      if (task !== undefined) navigate(pathOf.task(task.plan, task.id));
    },
    [graph],
  );
  const onMenu = useCallback(
    (key: string, at: { x: number; y: number }) => live && graph.tasks.has(key) && setMenu({ key, ...at }),
    [graph, live],
  );
  const onBand = useCallback(
    (band: number | null) => by === 'layer' && toggleFold(band === null ? 'none' : String(band)),
    [by],
  );
  const [start] = useState(() => readCamera(new URLSearchParams(location.search).get('cam') ?? ''));
  const onMoved = useCallback((camera: Camera) => setQuery({ cam: writeCamera(camera) }), []);
  const task = chosen === null ? undefined : graph.tasks.get(chosen);
  const asked = menu === null ? undefined : graph.tasks.get(menu.key);
  const shared = { selected: chosen, onSelect, onOpen };
  return (
    <div className={classes['board']} data-aside={task !== undefined}>
      {asTable ? (
        <Tree
          tasks={found === null ? tasks : tasks.filter(({ key }) => found.has(key))}
          by={by}
          live={live}
          {...shared}
        />
      ) : (
        <div className={classes['picture-frame']}>
          <Picture graph={graph} {...shared} {...{ onHover: setHovered, onMenu, onMoved, onBand }} start={start} />
          <Tip graph={graph} focus={hovered} />
        </div>
      )}
      {task !== undefined && <Aside graph={graph} task={task} live={live} onSelect={onSelect} />}
      {menu !== null && asked !== undefined && <TaskMenuAt task={asked} at={menu} onClose={() => setMenu(null)} />}
      <div className={classes['spoken']} aria-live="polite">
        {task === undefined ? '' : `${task.id} ${task.title}: ${statusLooks[task.status].word}`}
      </div>
    </div>
  );
}

function toggleFold(group: string): void {
  const folded = (new URLSearchParams(location.search).get('fold') ?? '').split(',').filter((one) => one !== '');
  const rest = folded.filter((one) => one !== group);
  setQuery({ fold: (rest.length < folded.length ? rest : [...folded, group]).join(',') });
}

/** What is under the pointer, and for blocked work what it waits for in the end. */
function Tip({ graph, focus }: { graph: Graph; focus: string | null }): ReactElement | null {
  if (focus === null) return null;
  const task = graph.tasks.get(focus);
  const node = graph.scene.byKey.get(focus)?.node;
  if (task === undefined)
    return (
      <div className={classes['tip']}>
        <Text size="sm">
          {node?.title ?? focus}: {graph.store.get(focus).note}. Press to unfold.
        </Text>
      </div>
    );
  const { causes } = blockedBy(graph.waitingFor, focus);
  const named = causes.slice(0, 3).map((key) => {
    const cause = graph.tasks.get(key);
    return cause === undefined
      ? key
      : `${cause.id} (${statusLooks[cause.status].word}${cause.holder === null ? '' : ` by ${cause.holder}`})`;
  });
  const more = causes.length > 3 ? ` and ${causes.length - 3} more` : '';
  const { shape, word } = statusLooks[task.status];
  return (
    <div className={classes['tip']}>
      <Text size="sm" fw={600}>
        {shape} {task.id} {node?.title ?? task.title}
      </Text>
      <Text size="sm" c="dimmed">
        {word}
        {task.holder === null ? '' : ` by ${task.holder}`}
        {named.length === 0 ? '' : `, waits for ${named.join(', ')}${more}`}
      </Text>
    </div>
  );
}
