/** The actions on a task as a menu: behind a button, or where the pointer asked for it. */
import { ActionIcon, Menu } from '@mantine/core';
import { useEffect, useRef, type ReactElement } from 'react';
import type { Task } from '../../../src/api/contract.ts';
import { pathOf } from '../app/Link.tsx';
import { navigate } from '../app/router.ts';
import { Icon } from './Icon.tsx';
import { sendBack, taskDeeds } from './task-deeds.ts';
import classes from './TaskMenu.module.css';

export function TaskMenu({ task }: { task: Task }): ReactElement {
  return (
    <Menu position="bottom-end" withinPortal>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="sm" aria-label={`Actions for ${task.id}`}>
          <Icon name="more" />
        </ActionIcon>
      </Menu.Target>
      <Items task={task} />
    </Menu>
  );
}

interface AtProps {
  readonly task: Task;
  /** Of the page's window, in px. */
  readonly at: { x: number; y: number };
  readonly onClose: () => void;
}

/** Open at once, at a point. */
export function TaskMenuAt({ task, at, onClose }: AtProps): ReactElement {
  const anchor = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const { style } = anchor.current ?? {};
    if (style === undefined) return;
    style.left = `${at.x}px`;
    style.top = `${at.y}px`;
  }, [at]);
  return (
    <Menu opened onClose={onClose} position="bottom-start" withinPortal trapFocus key={`${at.x} ${at.y}`}>
      <Menu.Target>
        <div ref={anchor} className={classes['anchor']} />
      </Menu.Target>
      <Items task={task} />
    </Menu>
  );
}

function Items({ task }: { task: Task }): ReactElement {
  const of = { plan: task.plan, task: task.id };
  const isProven = task.status === 'done' || task.status === 'landing';
  return (
    <Menu.Dropdown>
      <Menu.Label>{task.key}</Menu.Label>
      <Menu.Item onClick={() => navigate(pathOf.task(task.plan, task.id))}>Open</Menu.Item>
      {task.attempts > 0 && (
        <Menu.Item onClick={() => navigate(pathOf.change(task.plan, task.id))}>See the change</Menu.Item>
      )}
      {isProven && <Menu.Item onClick={() => void sendBack(of)}>Send back…</Menu.Item>}
      {taskDeeds(of, { status: task.status, held: task.status === 'waiting' }).map(({ id, label, danger, run }) => (
        <Menu.Item key={id} onClick={() => void run()} {...(danger === true ? { color: 'red' } : {})}>
          {label}
        </Menu.Item>
      ))}
    </Menu.Dropdown>
  );
}
