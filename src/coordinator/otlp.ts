/**
 * Sends spans to a collector: OTLP over HTTP, as JSON (opentelemetry-proto 1.x, `/v1/traces`).
 *
 * Owns the protocol and OpenTelemetry's variables for it. Off unless an address is set. No library: this is one request.
 */
import type { Span } from '../core/trace.ts';
import { version } from '../platform/version.ts';

export interface Collector {
  address: string;
  headers: Readonly<Record<string, string>>;
  timeoutMs: number;
  resource: Readonly<Record<string, string>>;
}

/** The specification's default. */
const timeoutMsDefault = 10_000;

/** Where traces go by OpenTelemetry's variables, or `null` where they go nowhere. Values that cannot be read count as not set. */
export function collectorOf(environment: Readonly<Record<string, string | undefined>>): Collector | null {
  const value = (name: string): string => environment[`OTEL_${name}`]?.trim() ?? '';
  if (value('SDK_DISABLED').toLowerCase() === 'true' || value('TRACES_EXPORTER') === 'none') return null;
  const base = value('EXPORTER_OTLP_ENDPOINT').replace(/\/+$/, '');
  const address = value('EXPORTER_OTLP_TRACES_ENDPOINT') || (base === '' ? '' : `${base}/v1/traces`);
  if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol)) return null;
  const timeoutMs = Number(value('EXPORTER_OTLP_TRACES_TIMEOUT') || value('EXPORTER_OTLP_TIMEOUT'));
  return {
    address,
    headers: pairsOf(value('EXPORTER_OTLP_TRACES_HEADERS') || value('EXPORTER_OTLP_HEADERS')),
    timeoutMs: timeoutMs > 0 ? timeoutMs : timeoutMsDefault,
    resource: {
      ...pairsOf(value('RESOURCE_ATTRIBUTES')),
      'service.name': value('SERVICE_NAME') || pairsOf(value('RESOURCE_ATTRIBUTES'))['service.name'] || 'orbit',
    },
  };
}

/** Throws an `Error` that says what the collector answered, or why it could not be asked. */
export async function sendSpans(
  { address, headers, timeoutMs, resource }: Collector,
  spans: readonly Span[],
): Promise<void> {
  const response = await fetch(address, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json' },
    body: JSON.stringify(requestOf(resource, spans)),
    // A redirect could carry the headers, and so a key, elsewhere.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  await response.body?.cancel();
  if (!response.ok) throw new Error(`it answers ${response.status}`);
}

function requestOf(resource: Collector['resource'], spans: readonly Span[]): object {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributesOf(resource) },
        scopeSpans: [{ scope: { name: 'orbit', version }, spans: spans.map(spanOf) }],
      },
    ],
  };
}

function spanOf({ trace, id, parent, name, from, to, attributes, error }: Span): object {
  return {
    traceId: trace,
    spanId: id,
    ...(parent === null ? {} : { parentSpanId: parent }),
    name,
    // Internal: neither a request nor an answer to one.
    kind: 1,
    startTimeUnixNano: nanos(from),
    endTimeUnixNano: nanos(Math.max(from, to)),
    attributes: attributesOf(error === null ? attributes : { ...attributes, 'error.type': error }),
    status: error === null ? {} : { code: 2, message: error },
  };
}

function attributesOf(attributes: Span['attributes']): object[] {
  return Object.entries(attributes).map(([key, value]) => ({
    key,
    value:
      typeof value === 'string'
        ? { stringValue: value }
        : Number.isInteger(value)
          ? { intValue: String(value) }
          : { doubleValue: value },
  }));
}

function nanos(ms: number): string {
  return (BigInt(Math.round(ms)) * 1_000_000n).toString();
}

/** `key=value,key=value`, values percent-encoded. */
function pairsOf(text: string): Record<string, string> {
  const pairs = text.split(',').flatMap((pair) => {
    const cut = pair.indexOf('=');
    const name = pair.slice(0, cut).trim();
    return cut < 1 || !/^[\w.!#$%&'*+^`|~-]+$/.test(name) ? [] : [[name, decoded(pair.slice(cut + 1).trim())]];
  });
  return Object.fromEntries(pairs) as Record<string, string>;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
