/**
 * What an agent's events mean to a runner: a readable line for the log, a sign for supervision, a word on what it does now.
 *
 * Pure. Owns the one place where the agent's vocabulary is translated.
 */
import type { AgentEvent } from '../agent/agent.ts';
import { signOf } from '../agent/sign.ts';
import type { SupervisionEvent } from '../core/supervision/event.ts';

/** The event as text for `output.log`, `null` for what only the full log needs. */
export function readable(event: AgentEvent): string | null {
  switch (event.type) {
    case 'session':
    case 'usage':
    case 'unknown':
      return null;
    case 'hint-seen':
      return `= the hint was seen: ${short(event.text)}`;
    case 'turn-end':
      return `= its turn ended (${event.reason})${event.text === '' ? '' : `: ${short(event.text)}`}`;
    case 'message':
      return event.text;
    case 'thought':
      return `(thinks) ${event.text}`;
    case 'tool-call':
      return `> ${event.tool} ${short(event.input)}`;
    case 'tool-result':
      return event.ok ? null : `! ${short(event.text)}`;
    case 'file-change':
      return `* ${event.path}`;
    case 'todo':
      return event.items.map(({ text, done }) => `[${done ? 'x' : ' '}] ${text}`).join('\n');
    case 'report':
      return `= reports ${event.report}${event.text === '' ? '' : `: ${event.text}`}`;
    case 'error':
      return `! ${event.critical ? 'critical ' : ''}${event.class} error: ${event.text}`;
    case 'end':
      return event.signal === null
        ? `= ended with exit code ${event.exitCode ?? 'unknown'}`
        : `= ended by ${event.signal}`;
  }
}

/**
 * What the event says to the supervision of a running agent. A used-up quota and a full context are walls (`walls.ts`), not
 * errors of the agent's.
 */
export function liveSignOf(event: AgentEvent, at: number): SupervisionEvent | null {
  const isWall =
    event.type === 'error' && (event.class === 'quota' || event.class === 'context') && event.retrying !== true;
  return isWall && !event.critical ? { at, type: 'activity' } : signOf(event, at);
}

/** One line on what it does now, or `null` when the event does not tell. */
export function doing(event: AgentEvent): string | null {
  switch (event.type) {
    case 'tool-call':
      return short(`${event.tool} ${event.input}`);
    case 'file-change':
      return `changed ${event.path}`;
    case 'message':
      return short(event.text);
    case 'thought':
      return 'thinking';
    case 'report':
      return `reports ${event.report}`;
    case 'error':
      return short(`error: ${event.text}`);
    case 'todo': {
      const next = event.items.find((item) => !item.done);
      return short(`${event.items.filter((item) => item.done).length}/${event.items.length} ${next?.text ?? ''}`);
    }
    case 'turn-end':
      return 'its turn ended';
    case 'session':
    case 'tool-result':
    case 'usage':
    case 'hint-seen':
    case 'unknown':
    case 'end':
      return null;
  }
}

/** Fits a terminal line, a row of the store and a reason. */
const shortLength = 200;

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= shortLength ? line : `${line.slice(0, shortLength - 1)}…`;
}
