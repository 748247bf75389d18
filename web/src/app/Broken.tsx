/** Keeps the rest of the page when a view fails: says so, and offers to load the page anew. */
import { Alert, Button, Stack, Text } from '@mantine/core';
import { Component, type ReactElement, type ReactNode } from 'react';

interface BrokenProps {
  readonly children: ReactNode;
}

export class Broken extends Component<BrokenProps, { readonly error: unknown }> {
  override state: { readonly error: unknown } = { error: undefined };

  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error };
  }

  override render(): ReactNode {
    return this.state.error === undefined ? this.props.children : <Failed error={this.state.error} />;
  }
}

function Failed({ error }: { error: unknown }): ReactElement {
  return (
    <Alert color="red" variant="light" title="This view failed" maw={640}>
      <Stack align="flex-start" gap="xs">
        <Text size="sm">
          {String(error)}. After an update of Orbit the page has to be loaded anew; nothing that you did is lost.
        </Text>
        <Button size="compact-sm" variant="default" onClick={() => location.reload()}>
          Load anew
        </Button>
      </Stack>
    </Alert>
  );
}
