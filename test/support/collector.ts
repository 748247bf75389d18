/** A collector of traces for tests: takes what is posted to it, and answers as the test wants. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

export interface TestCollector {
  address: string;
  requests: { path: string; headers: Readonly<Record<string, unknown>>; spans: TestSpan[] }[];
}

export interface TestSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  startTimeUnixNano: string;
  endTimeUnixNano: string;
  status: { code?: number };
  attributes: { key: string; value: Record<string, unknown> }[];
}

interface Body {
  resourceSpans: { scopeSpans: { spans: TestSpan[] }[] }[];
}

/** @param status answered to every request; `null`: none is ever answered. */
export async function startCollector(status: number | null): Promise<TestCollector> {
  const requests: TestCollector['requests'] = [];
  const server = createServer((request, response) => {
    let text = '';
    request.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    request.on('end', () => {
      const { resourceSpans } = JSON.parse(text) as Body;
      const spans = resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans));
      requests.push({ path: request.url ?? '', headers: request.headers, spans });
      if (status !== null) response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}
