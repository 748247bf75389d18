/** A session with an agent's program without Orbit around it: for what an adapter promises of the session itself. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { AgentEvent, AgentSession } from '../../src/agent/agent.ts';
import { adapterOf } from '../../src/compose.ts';
import type { Scenario } from './model-server/scenario.ts';
import { startModelServer, type ModelServer } from './model-server/server.ts';
import type { Subject } from './subject.ts';

export interface Place {
  server: ModelServer;
  /** Starts the program with these words; with a session's id it goes on with that. */
  start(words: string, resume?: string | null): Promise<DirectSession>;
}

export interface DirectSession {
  session: AgentSession;
  events: readonly AgentEvent[];
  /** The first event, past or to come, that fits; rejects when the stream ends without. */
  until<Type extends AgentEvent['type']>(
    type: Type,
    fits?: (event: Extract<AgentEvent, { type: Type }>) => boolean,
  ): Promise<Extract<AgentEvent, { type: Type }>>;
  stop(): Promise<void>;
}

/** A workspace, a home and a scripted model, all gone after the test. */
export async function makePlace(subject: Subject, scenarios: Readonly<Record<string, Scenario>>): Promise<Place> {
  const server = await startModelServer({ scenarios });
  const top = realpathSync(mkdtempSync(join(tmpdir(), 'orbit-direct-')));
  const [workspace, home, temporary, userHome] = ['workspace', 'home', 'temporary', 'user'].map((name) =>
    join(top, name),
  ) as [string, string, string, string];
  for (const directory of [workspace, home, temporary, userHome]) mkdirSync(directory);
  execFileSync('git', ['init', '-q', workspace]);
  const base = server.url(subject.name);
  for (const [path, text] of Object.entries(subject.home(base))) {
    mkdirSync(dirname(join(userHome, path)), { recursive: true });
    writeFileSync(join(userHome, path), text);
  }
  const started: DirectSession[] = [];
  onTestFinished(async () => {
    for (const one of started) await one.stop();
    await server.close();
    rmSync(top, { recursive: true, force: true, maxRetries: 5 });
  });
  const adapter = await adapterOf(subject.name);
  const start = async (words: string, resume: string | null = null): Promise<DirectSession> => {
    const promptFile = join(top, 'prompt.md');
    writeFileSync(promptFile, words);
    const session = await adapter.start({
      workspace,
      directory: top,
      prompt: words,
      promptFile,
      environment: {
        PATH: process.env['PATH'] ?? '',
        HOME: home,
        TMPDIR: temporary,
        TERM: 'dumb',
        LANG: 'C.UTF-8',
        ORBIT_PROJECT: top,
        ORBIT_TASK: 'T001',
        ORBIT_TOKEN: '1',
        ...subject.environment(base),
      },
      settings: { adapter: subject.name, slots: 1, ...subject.settings },
      model: (subject.settings['model'] as string | undefined) ?? null,
      thinking: null,
      mcp: null,
      directories: { home, temporary, userHome },
      resume,
      onRaw: () => undefined,
    });
    const one = listen(session);
    started.push(one);
    return one;
  };
  return { server, start };
}

function listen(session: AgentSession): DirectSession {
  const events: AgentEvent[] = [];
  const waiting = new Set<() => void>();
  let over = false;
  const tell = (): void => {
    for (const look of waiting) look();
  };
  const reading = (async (): Promise<void> => {
    for await (const event of session.events) {
      events.push(event);
      tell();
    }
    over = true;
    tell();
  })();
  return {
    session,
    events,
    until: async <Type extends AgentEvent['type']>(
      type: Type,
      fits: (event: Extract<AgentEvent, { type: Type }>) => boolean = () => true,
    ) =>
      new Promise<Extract<AgentEvent, { type: Type }>>((found, missed) => {
        const look = (): void => {
          const event = events.find(
            (each): each is Extract<AgentEvent, { type: Type }> =>
              each.type === type && fits(each as Extract<AgentEvent, { type: Type }>),
          );
          if (event === undefined && !over) return;
          waiting.delete(look);
          if (event === undefined) missed(new Error(`no ${type} in ${JSON.stringify(events).slice(0, 3_000)}`));
          else found(event);
        };
        waiting.add(look);
        look();
      }),
    stop: async () => {
      await session.stop(3_000);
      await reading;
    },
  };
}
