/** What an agent wrote: shown as text and nothing else, without characters that hide or turn what stands there. */
import { Box, type BoxProps } from '@mantine/core';
import type { ReactElement } from 'react';
import classes from './AgentText.module.css';
import { plain } from './plain.ts';

interface AgentTextProps extends BoxProps {
  readonly text: string;
  /** Lines up like code. */
  readonly mono?: boolean;
}

export function AgentText({ text, mono = false, ...rest }: AgentTextProps): ReactElement {
  return (
    <Box className={classes['text'] ?? ''} data-mono={mono} dir="auto" {...rest}>
      {plain(text)}
    </Box>
  );
}
