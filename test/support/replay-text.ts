/** Replays a record in the neutral format or a runner's own, under the default thresholds. */
import { replay, type ReplaySummary } from '../../src/actions/replay/replay.ts';
import { eventLineReader } from '../../src/agent/json-lines.ts';
import { thresholds } from '../../src/core/supervision/thresholds.ts';

export interface Replayed {
  summary: ReplaySummary;
  /** Level, rule and count of each finding, and what could not be read. */
  found: string[];
}

export async function replayText(name: string, text: string): Promise<Replayed> {
  const found: string[] = [];
  async function* bytes(): AsyncGenerator<Uint8Array> {
    yield Buffer.from(text);
  }
  const summary = await replay(bytes(), {
    name,
    adapter: null,
    readerOf: async () => eventLineReader(),
    limits: thresholds,
    isChanged: false,
    onFinding: ({ rule, level, count }) => found.push(`${level} ${rule} ${count}`),
    warn: (warning) => found.push(warning),
  });
  return { summary, found };
}
