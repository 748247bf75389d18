import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startCollector } from '../support/collector.ts';
import { planText, shellAgent, shellSettings } from '../support/e2e-plan.ts';
import { makeProject, patience, type ProjectOrder } from '../support/e2e.ts';

const order = (address: string): ProjectOrder => ({
  plan: planText({ 'T001 A secret title': [] }),
  settings: shellSettings(1),
  files: { 'agent.sh': shellAgent('T001-1) exit 3 ;;') },
  environment: {
    OTEL_EXPORTER_OTLP_ENDPOINT: address,
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%20b',
    OTEL_SERVICE_NAME: 'my-orbit',
  },
});

test('a task is one trace over all attempts, with a span for each and one for landing', patience, async () => {
  const { address, requests } = await startCollector(200);
  const project = await makeProject(order(address));
  expect((await project.run('001').ended).code).toBe(0);
  const spans = requests.flatMap((request) => request.spans);
  expect(requests[0]).toMatchObject({ path: '/v1/traces', headers: { 'x-key': 'a b' } });
  expect(spans.map(({ name }) => name)).toEqual(['invoke_agent sh-1', 'invoke_agent sh-1', 'landing', 'task 001/T001']);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  expect(new Set(spans.map(({ spanId }) => spanId)).size).toBe(4);
  const [failed, done, landing, task] = spans;
  expect(failed?.status.code).toBe(2);
  expect(done?.status.code).toBeUndefined();
  expect([failed?.parentSpanId, done?.parentSpanId, task?.parentSpanId]).toEqual([
    task?.spanId,
    task?.spanId,
    undefined,
  ]);
  expect(landing?.parentSpanId).toBe(done?.spanId);
  for (const span of spans) expect(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano)).toBe(true);
  expect(JSON.stringify(requests)).not.toContain('secret title');
});

test.for([500, null])('a collector that answers %s harms no run', patience, async (status) => {
  const { address, requests } = await startCollector(status);
  const project = await makeProject({
    ...order(address),
    environment: { ...order(address).environment, OTEL_EXPORTER_OTLP_TIMEOUT: '300' },
  });
  expect((await project.run('001').ended).code).toBe(0);
  expect(requests.length).toBeGreaterThan(0);
  const log = readFileSync(join(project.directory, '.git/orbit/logs/coordinator.log'), 'utf8');
  expect(log.split('traces are not exported').length).toBe(2);
});
