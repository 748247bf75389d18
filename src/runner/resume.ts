/**
 * Going on in an earlier attempt's session, where its agent's program can: the model still knows what it did.
 *
 * Owns when that is right: the same agent and adapter, an end without blame that left the session sound, and the files of the
 * session still there. In every other case a fresh session with the notes does better.
 */
import type { AgentAdapter, AgentCapabilities, AgentSettings } from '../agent/agent.ts';
import { agentFamily } from '../core/agent-name.ts';
import { leavesSession } from '../core/carry-over.ts';
import type { Life } from './life.ts';
import { privateDirectories, takeOverHome } from './private-directories.ts';

/** An id comes from what an agent printed, and goes into command lines and addresses: never an option, a path or a query. */
const plainId = /^[A-Za-z0-9][\w.-]{0,255}$/;

/** The session to go on with, its home taken over; `null` for a new one. */
export function sessionToResume(
  life: Life,
  chosen: { adapter: AgentAdapter; capabilities: AgentCapabilities; settings: AgentSettings },
): string | null {
  const { adapter, capabilities, settings } = chosen;
  const { attempt, carried, ports, logs } = life;
  if (carried === null || carried.isChosen === true || !capabilities.resume) return null;
  const { from } = carried;
  const isSame =
    agentFamily(from.agent) === agentFamily(attempt.agent) &&
    from.model === attempt.model &&
    (from.adapter ?? settings.adapter) === settings.adapter;
  if (!isSame || !leavesSession(from) || !plainId.test(from.pulse.session ?? '')) return null;
  const places = [from.token, attempt.token].map(
    (token) => privateDirectories({ orbitDirectory: ports.paths.orbit, token }, undefined).home,
  );
  const [old = '', own = ''] = places;
  if (adapter.isolated && !takeOverHome(old, own)) return null;
  logs.monitor(`goes on with session ${from.pulse.session} of attempt ${from.token}`);
  return from.pulse.session;
}
