/** A row of choices of which one holds, each with how many it stands for. */
import { Group, UnstyledButton } from '@mantine/core';
import type { ReactElement } from 'react';
import classes from './Choices.module.css';

interface Choice {
  readonly value: string;
  readonly label: string;
  readonly count?: number;
}

interface ChoicesProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly Choice[];
  readonly onChange: (value: string) => void;
  /** For what is seldom changed. */
  readonly quiet?: boolean;
}

export function Choices({ label, value, choices, onChange, quiet = false }: ChoicesProps): ReactElement {
  return (
    <Group gap={4} role="group" aria-label={label}>
      {choices.map((choice) => (
        <UnstyledButton
          key={choice.value}
          className={classes['choice']}
          data-quiet={quiet}
          aria-pressed={choice.value === value}
          onClick={() => onChange(choice.value)}
        >
          {choice.label}
          {choice.count !== undefined && <span className={classes['count']}>{choice.count}</span>}
        </UnstyledButton>
      ))}
    </Group>
  );
}
