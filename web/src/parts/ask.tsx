/** Asks a person for words, or whether they are sure, before something is done: `const why = await ask({ … })`. */
import { Button, Code, Group, Modal, Stack, Text, Textarea } from '@mantine/core';
import { useState, useSyncExternalStore, type ReactElement } from 'react';

export interface Question {
  readonly title: string;
  /** What will happen, and to what. */
  readonly text?: string;
  /** Asks for words under this label; without it only for a yes. */
  readonly label?: string;
  /** Whether it goes on without words. */
  readonly optional?: boolean;
  /** What the button does: `Cancel the task`. */
  readonly confirm: string;
  /** It takes something away. */
  readonly danger?: boolean;
  /** The same on the command line, from the words so far. */
  readonly cli?: (words: string) => string;
}

interface Open {
  readonly question: Question;
  readonly answer: (words: string | undefined) => void;
}

let open: Open | undefined;
const listeners = new Set<() => void>();
const set = (next: Open | undefined): void => {
  open = next;
  for (const listener of listeners) listener();
};

/** Answers the words (empty, if none were asked for), or `undefined` if the person turned away. */
export function ask(question: Question): Promise<string | undefined> {
  open?.answer(undefined);
  return new Promise((resolve) => {
    set({ question, answer: (words) => (set(undefined), resolve(words)) });
  });
}

/** Shows the question; stands once in the page. */
export function AskDialog(): ReactElement {
  const current = useSyncExternalStore(
    (listener) => (listeners.add(listener), () => listeners.delete(listener)),
    () => open,
  );
  return (
    <Modal opened={current !== undefined} onClose={() => current?.answer(undefined)} title={current?.question.title}>
      {current !== undefined && <Asked key={current.question.title} {...current} />}
    </Modal>
  );
}

function Asked({ question, answer }: Open): ReactElement {
  const [words, setWords] = useState('');
  const { text, label, optional = false, confirm, danger = false, cli } = question;
  const ready = label === undefined || optional || words.trim() !== '';
  return (
    <form onSubmit={(event) => (event.preventDefault(), ready && answer(words.trim()))}>
      <Stack>
        {text !== undefined && <Text size="sm">{text}</Text>}
        {label !== undefined && (
          <Textarea
            data-autofocus
            label={label}
            autosize
            minRows={2}
            maxRows={10}
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && ready) answer(words.trim());
            }}
          />
        )}
        {cli !== undefined && <Code block>{cli(words.trim() || (optional ? '' : '…'))}</Code>}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => answer(undefined)}>
            Not now
          </Button>
          <Button
            type="submit"
            disabled={!ready}
            {...(danger ? { color: 'red' } : {})}
            data-autofocus={label === undefined}
          >
            {confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
