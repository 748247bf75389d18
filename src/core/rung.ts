/**
 * Rungs: how an attempt is made, and what is settled about the next one.
 *
 * Owns the shapes; `ladder.ts` decides with them.
 */
import type { Thinking } from './thinking.ts';

/**
 * `join` follows a split: the parts are done, what is left is to put them together. `whole` follows one whose parts all failed: one agent
 * does the task in one piece after all.
 */
export type Rung = 'first' | 'fresh' | 'other' | 'split' | 'join' | 'whole';

/** The agent that failed; it gets the task only when nobody else took it until then. */
export interface Avoided {
  agent: string;
  until: number;
}

/** What is settled about the next attempt when one ends badly. */
export interface NextRung {
  rung: Rung;
  avoid: Avoided | null;
}

/** What a claim says of its agent, from the settings. */
export interface AgentProfile {
  adapter: string;
  /** The usual model first (`null`: the program's own), then those to fall back on. */
  models: readonly (string | null)[];
  thinking: Thinking | null;
  canThink: boolean;
  /** What a person asked for in this run: it wins on every rung (B10). */
  wish?: Wish;
}

export interface Wish {
  model: string | null;
  thinking: Thinking | null;
}

/** How an attempt is to be made; `null`: as the settings or the program say. */
export interface Course {
  rung: Rung;
  adapter: string | null;
  model: string | null;
  thinking: Thinking | null;
}
