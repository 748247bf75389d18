/** Where the query is typed; queries that are needed again can be kept. */
import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import type { KeyboardEvent, ReactElement } from 'react';

interface QueryBoxProps {
  readonly value: string;
  readonly onChange: (value: string) => void;
  readonly faults: readonly string[];
}

export function QueryBox({ value, onChange, faults }: QueryBoxProps): ReactElement {
  const [kept, setKept] = useLocalStorage<readonly string[]>({
    key: 'orbit-queries',
    defaultValue: [],
    getInitialValueInEffect: false,
  });
  const known = kept.includes(value);
  return (
    <Stack gap={6}>
      <Group gap="xs" wrap="nowrap">
        <TextInput
          flex={1}
          type="search"
          data-query-box
          aria-label="Query"
          placeholder="state:failed  layer:3  agent:claude-1  file:src/api/**  cost:>2  words"
          value={value}
          spellCheck={false}
          autoComplete="off"
          onChange={(event) => onChange(event.currentTarget.value)}
          onKeyDown={leave}
          error={faults.length > 0}
        />
        {value !== '' && (
          <Button
            variant="default"
            onClick={() => setKept(known ? kept.filter((one) => one !== value) : [...kept, value])}
          >
            {known ? 'Forget' : 'Keep'}
          </Button>
        )}
      </Group>
      {faults.map((fault) => (
        <Text key={fault} size="sm" c="red" role="alert">
          {fault}
        </Text>
      ))}
      {kept.length > 0 && (
        <Group gap="xs" role="group" aria-label="Kept queries">
          {kept.map((query) => (
            <Button
              key={query}
              size="compact-xs"
              variant={query === value ? 'filled' : 'default'}
              onClick={() => onChange(query)}
            >
              {query}
            </Button>
          ))}
        </Group>
      )}
    </Stack>
  );
}

/** Out of the box with what was typed: the browser would take it away. */
function leave(event: KeyboardEvent<HTMLInputElement>): void {
  if (event.key !== 'Escape') return;
  event.preventDefault();
  event.currentTarget.blur();
}
