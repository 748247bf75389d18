import { expect, test } from 'vitest';
import { collectorOf } from './otlp.ts';

const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: 'http://localhost:4318/' };

test('traces are off unless a collector is named, and can be switched off', () => {
  expect(collectorOf({})).toBeNull();
  expect(collectorOf({ OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4317' })).toBeNull();
  expect(collectorOf({ ...endpoint, OTEL_SDK_DISABLED: 'TRUE' })).toBeNull();
  expect(collectorOf({ ...endpoint, OTEL_TRACES_EXPORTER: 'none' })).toBeNull();
});

test('OpenTelemetry’s variables say where traces go, with what, and under which name', () => {
  expect(collectorOf(endpoint)).toEqual({
    address: 'http://localhost:4318/v1/traces',
    headers: {},
    timeoutMs: 10_000,
    resource: { 'service.name': 'orbit' },
  });
  expect(
    collectorOf({
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: 'https://example.org/in',
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20x, bad name=1,broken',
      OTEL_EXPORTER_OTLP_TIMEOUT: '250',
      OTEL_RESOURCE_ATTRIBUTES: 'team=core,service.name=other',
      OTEL_SERVICE_NAME: 'mine',
    }),
  ).toEqual({
    address: 'https://example.org/in',
    headers: { authorization: 'Bearer x' },
    timeoutMs: 250,
    resource: { team: 'core', 'service.name': 'mine' },
  });
});
