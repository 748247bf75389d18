/** What an event of an agent says to supervision: the one place where the agent's vocabulary meets that of the detectors. */
import type { SupervisionEvent } from '../core/supervision/event.ts';
import type { AgentEvent } from './agent.ts';

/** `null` for the end, which is no sign of anything. @param at milliseconds of the caller's clock. */
export function signOf(event: AgentEvent, at: number): SupervisionEvent | null {
  switch (event.type) {
    case 'tool-call':
      return { at, type: 'call', id: event.id, tool: event.tool, input: event.input, kind: event.kind };
    case 'tool-result':
      return { at, type: 'result', id: event.id, ok: event.ok, text: event.text, exitCode: event.exitCode };
    case 'file-change':
      return { at, type: 'file-change', path: event.path };
    case 'message':
      return { at, type: 'message', text: event.text };
    case 'usage': {
      const { contextUsed, contextSize, costUsd } = event;
      return { at, type: 'usage', contextUsed, contextSize, costUsd };
    }
    case 'error': {
      const { class: kind, text, retryAfterMs, critical, retrying } = event;
      return { at, type: 'error', class: kind, text, retryAfterMs, critical, retrying: retrying === true };
    }
    case 'turn-end':
      return { at, type: 'turn-end' };
    case 'hint-seen':
      return { at, type: 'hint-seen' };
    case 'end':
      return null;
    default:
      return { at, type: 'activity' };
  }
}
