/** What proves a piece of work, and what in it nobody ordered: read from git, never from what its agent says. */
import { Code, Group, Stack, Text } from '@mantine/core';
import type { ReactElement } from 'react';
import type { WaitingWork } from '../data/queries.ts';
import classes from './Evidence.module.css';
import { plain } from './plain.ts';

/** As many paths are listed; the diff has them all. */
const PATHS = 8;

export function Evidence({ work }: { work: WaitingWork }): ReactElement {
  const { commits, files, linesAdded, linesRemoved, checks, risks, widened, tree } = work;
  return (
    <Stack gap={6} className={classes['evidence'] ?? ''}>
      <Group gap="sm" fz="sm">
        <span>
          {files.length} {files.length === 1 ? 'file' : 'files'}, {commits} {commits === 1 ? 'commit' : 'commits'}
        </span>
        <span className={classes['lines']}>
          <ins>+{linesAdded}</ins> <del>−{linesRemoved}</del>
        </span>
        <Text span c="dimmed" size="sm" title={tree}>
          tree {tree.slice(0, 12)}
        </Text>
      </Group>
      {risks.map(({ path, kind, reason }) => (
        <Text key={path + kind} size="sm" className={classes['risk'] ?? ''}>
          <b>
            <span aria-hidden>▲ </span>
            {kind}
          </b>{' '}
          {!reason.includes(path) && <Code>{plain(path)}</Code>} {plain(reason)}
        </Text>
      ))}
      {widened.length > 0 && (
        <Text size="sm">
          Scope was widened to <Code>{plain(widened.join(', '))}</Code>
        </Text>
      )}
      <Text size="sm" c="dimmed">
        {checks.length === 0 ? 'No check ran on it' : `Green at this tree: ${checks.map(plain).join(', ')}`}
      </Text>
      <Text size="xs" c="dimmed" className={classes['paths'] ?? ''}>
        {files.slice(0, PATHS).map(({ path, kind }) => (
          <span key={path}>
            {kind === 'modified' ? '' : `${kind} `}
            {plain(path)}
          </span>
        ))}
        {files.length > PATHS && <span>and {files.length - PATHS} more</span>}
      </Text>
    </Stack>
  );
}
