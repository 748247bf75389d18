/** The tools over streamable HTTP, as whoever mounts the handler has them, with the reference client. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { getRequestListener } from '@hono/node-server';
import { expect, onTestFinished, test } from 'vitest';
import { openProject } from '../../src/compose.ts';
import { mcpHandler } from '../../src/mcp/http.ts';
import type { Role } from '../../src/mcp/role.ts';
import { planText, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience } from '../support/e2e.ts';

async function serve(role: Role): Promise<URL> {
  const project = await makeProject({ plan: planText({ 'T001 First': [] }), settings: shellSettings(1) });
  const context = await openProject({ directory: project.directory, environment: project.environment });
  const { fetch, close } = await mcpHandler({ role, open: async () => context, log: (line) => expect(line).toBe('') });
  const listener = getRequestListener(fetch);
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  onTestFinished(async () => {
    await close();
    server.closeAllConnections();
    server.close();
    await context.store[Symbol.asyncDispose]();
  });
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/mcp`);
}

for (const mode of ['legacy', 'auto'] as const)
  test(
    `E6 clients of the ${mode === 'legacy' ? 'last' : 'current'} protocol are served over HTTP, without sessions`,
    patience,
    async () => {
      const url = await serve('orchestrator');
      const clients = ['a', 'b'].map((name) => new Client({ name, version: '1' }, { versionNegotiation: { mode } }));
      for (const client of clients) {
        await client.connect(new StreamableHTTPClientTransport(url));
        onTestFinished(async () => client.close());
        expect((await client.listTools()).tools).toHaveLength(17);
      }
      const [one, other] = clients as [Client, Client];
      const view = await one.callTool({ name: 'get_orchestrator', arguments: {} });
      expect(view.structuredContent).toMatchObject({ state: 'no-coordinator' });
      expect((await other.callTool({ name: 'pause_orchestrator', arguments: {} })).isError).not.toBe(true);
      const paused = await one.callTool({ name: 'get_orchestrator', arguments: {} });
      expect(paused.structuredContent).toMatchObject({ plans: [{ plan: '001' }] });
      expect((await one.readResource({ uri: 'orbit://plans/001' })).contents).toHaveLength(1);
    },
  );

test('a message that is too large is refused before it is read', patience, async () => {
  const url = await serve('observer');
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'x', params: { text: 'x'.repeat(2_000_000) } }),
  });
  expect(answer.status).toBe(413);
});
