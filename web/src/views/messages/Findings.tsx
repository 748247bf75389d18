/** What agents and people recorded for all: found by words, or recorded here. */
import { Button, Code, Group, Select, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState, type FormEvent, type ReactElement } from 'react';
import { useQueryState } from '../../app/router.ts';
import { act } from '../../data/act.tsx';
import { orders } from '../../data/orders.ts';
import { useFindings, type Finding } from '../../data/queries.ts';
import { Ago } from '../../parts/Ago.tsx';
import { AgentText } from '../../parts/AgentText.tsx';
import { Answered, Nothing } from '../../parts/Answered.tsx';
import { plain } from '../../parts/plain.ts';
import { TaskRef } from '../../parts/TaskRef.tsx';
import { wordsOf } from '../../parts/typed.ts';
import classes from './messages.module.css';

/** Long enough that a word is typed to its end, in ms. */
const typingMs = 250;

const kinds: readonly Finding['kind'][] = ['gotcha', 'decision', 'interface', 'failed-approach', 'claim'];

export function Findings(): ReactElement {
  const [words, setWords] = useQueryState('words');
  const [asked] = useDebouncedValue(words, typingMs);
  const [isNew, setNew] = useState(false);
  return (
    <Stack gap="md">
      <Group gap="xs">
        <TextInput
          size="xs"
          w={320}
          data-query-box
          aria-label="Find by words"
          placeholder="Find by words"
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        <Button size="xs" variant="default" aria-expanded={isNew} onClick={() => setNew(!isNew)}>
          Record one…
        </Button>
      </Group>
      {isNew && <Record onDone={() => setNew(false)} />}
      <Answered query={useFindings(asked)}>
        {({ items }) =>
          items.length === 0 ? (
            <Nothing title={words === '' ? 'Nothing is recorded yet' : 'Nothing matches these words'}>
              Agents record what others need to know with <Code>orbit note</Code>.
            </Nothing>
          ) : (
            <ul className={classes['list']}>
              {items.map((finding) => (
                <Shown key={finding.id} finding={finding} />
              ))}
            </ul>
          )
        }
      </Answered>
    </Stack>
  );
}

function Shown({
  finding: { kind, title, text, paths, author, task, commit, at },
}: {
  finding: Finding;
}): ReactElement {
  return (
    <li>
      <Text size="sm">
        <Text span size="xs" c="dimmed">
          {kind}{' '}
        </Text>
        <b>{plain(title)}</b>
      </Text>
      <AgentText text={text} fz="sm" />
      <Text size="xs" c="dimmed">
        {author}
        {task !== null && (
          <>
            , at <TaskRef id={task} plan="" />
          </>
        )}
        {commit !== null && `, commit ${commit.slice(0, 10)}`}, <Ago at={at} />{' '}
        {paths.length > 0 && <Code>{plain(paths.join(', '))}</Code>}
      </Text>
    </li>
  );
}

function Record({ onDone }: { onDone: () => void }): ReactElement {
  const [kind, setKind] = useState<Finding['kind']>('gotcha');
  const [title, setTitle] = useState('');
  const [text, setText] = useState('');
  const [paths, setPaths] = useState('');
  const isReady = title.trim() !== '' && text.trim() !== '';
  const record = async (): Promise<void> => {
    const done = await act(orders.record({ kind, title: title.trim(), text: text.trim(), paths: wordsOf(paths) }));
    if (done !== undefined) onDone();
  };
  const onSubmit = (event: FormEvent): void => {
    event.preventDefault();
    if (isReady) void record();
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="xs" maw={720}>
        <Group gap="xs" align="flex-end">
          <Select
            size="xs"
            w={150}
            label="Kind"
            allowDeselect={false}
            data={[...kinds]}
            value={kind}
            onChange={(value) => setKind(kinds.find((one) => one === value) ?? 'gotcha')}
          />
          <TextInput
            size="xs"
            flex={1}
            label="In a line"
            value={title}
            onChange={(event) => setTitle(event.currentTarget.value)}
          />
        </Group>
        <Textarea
          size="xs"
          label="What others need to know"
          autosize
          minRows={2}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <TextInput
          size="xs"
          label="Paths it is about"
          placeholder="src/clock.ts, test/**"
          value={paths}
          onChange={(event) => setPaths(event.currentTarget.value)}
        />
        <Group justify="flex-end">
          <Button type="submit" size="compact-sm" px="sm" disabled={!isReady}>
            Record
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
