/** The orders that the dashboard can give, each with its form on the command line. Pure. */
import type { Order } from './act.tsx';
import { buildPath } from '../app/path.ts';
import type { Finding } from './queries.ts';

interface Of {
  readonly plan: string;
  readonly task: string;
}

const quoted = (text: string): string =>
  /^[\w./@:-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
const named = ({ plan, task }: Of): string => (task.includes('/') ? task : `${plan}/${task}`);
const option = (flag: string, value: string): string => (value === '' ? '' : ` ${flag} ${quoted(value)}`);

function steer(
  of: Of,
  body: { action: string } & Record<string, unknown>,
  { done, cli }: { done: string; cli: string },
): Order {
  return {
    method: 'POST',
    path: buildPath('/api/tasks/:plan/:task/actions', { ...of }),
    body,
    done,
    cli: `orbit ${cli}`,
  };
}

export const orders = {
  nudge: (of: Of, text: string): Order =>
    steer(of, { action: 'nudge', text }, { done: `${of.task} was told`, cli: `nudge ${named(of)} ${quoted(text)}` }),
  retry: (of: Of, advice = ''): Order =>
    steer(
      of,
      { action: 'retry', advice: advice || null },
      { done: `${of.task} is tried again`, cli: `retry ${named(of)}${option('--advice', advice)}` },
    ),
  reassign: (of: Of, agent: string, advice = ''): Order =>
    steer(
      of,
      { action: 'reassign', agent, advice: advice || null },
      {
        done: `${of.task} goes to ${agent}`,
        cli: `reassign ${named(of)} ${quoted(agent)}${option('--advice', advice)}`,
      },
    ),
  cancel: (of: Of, why: string): Order =>
    steer(
      of,
      { action: 'cancel', why },
      { done: `${of.task} is cancelled`, cli: `cancel ${named(of)}${option('--reason', why)}` },
    ),
  close: (of: Of, why: string): Order =>
    steer(
      of,
      { action: 'close', why },
      { done: `${of.task} is closed as done`, cli: `close ${named(of)}${option('--reason', why)}` },
    ),
  reopen: (of: Of, why: string): Order =>
    steer(
      of,
      { action: 'reopen', why },
      { done: `${of.task} is open again`, cli: `reopen ${named(of)}${option('--reason', why)}` },
    ),
  hold: (of: Of, why: string): Order =>
    steer(
      of,
      { action: 'hold', why },
      { done: `${of.task} is held`, cli: `pause ${named(of)}${option('--reason', why)}` },
    ),
  resume: (of: Of): Order =>
    steer(of, { action: 'resume' }, { done: `${of.task} goes on`, cli: `resume ${named(of)}` }),
  approve: (of: Of, tree: string): Order =>
    steer(
      of,
      { action: 'approve', tree },
      { done: `${of.task} may land`, cli: `approve ${named(of)} --tree ${tree.slice(0, 12)}` },
    ),
  reject: (of: Of, reason: string, close = false): Order =>
    steer(
      of,
      { action: 'reject', reason, close },
      { done: `${of.task} was sent back`, cli: `reject ${named(of)} ${quoted(reason)}${close ? ' --close' : ''}` },
    ),
  grant: (of: Of): Order =>
    steer(of, { action: 'grant-scope' }, { done: `${of.task} got the wider scope`, cli: `scope grant ${named(of)}` }),
  deny: (of: Of, reason: string): Order =>
    steer(
      of,
      { action: 'deny-scope', reason },
      { done: `${of.task} keeps its scope`, cli: `scope deny ${named(of)} ${quoted(reason)}` },
    ),
  widen: (of: Of, entries: readonly string[], why: string): Order =>
    steer(
      of,
      { action: 'widen-scope', entries, why },
      {
        done: `${of.task} got a wider scope`,
        cli: `scope add ${entries.map(quoted).join(' ')} --task ${named(of)} --why ${quoted(why)}`,
      },
    ),
  create: (plan: string, fields: { title: string } & Readonly<Record<string, unknown>>): Order => ({
    method: 'POST',
    path: '/api/tasks',
    body: { plan, ...fields },
    done: `“${fields.title}” was added to ${plan}`,
    cli: `orbit create --plan ${quoted(plan)} --title ${quoted(fields.title)}`,
  }),
  edit: (of: Of, fields: Readonly<Record<string, unknown>>): Order => ({
    method: 'PATCH',
    path: buildPath('/api/tasks/:plan/:task', { ...of }),
    body: fields,
    done: `${of.task} was changed`,
    cli: `orbit edit ${named(of)} …`,
  }),
  terminate: (token: number, why: string): Order => ({
    method: 'POST',
    path: `/api/attempts/${token}/terminate`,
    body: { why },
    done: `attempt ${token} is being ended`,
  }),
  spawn: (module: string): Order => ({
    method: 'POST',
    path: '/api/orchestration/agents',
    body: { module },
    done: `an agent works for ${module}`,
    cli: `orbit spawn --module ${quoted(module)}`,
  }),
  cycle: (): Order => ({
    method: 'POST',
    path: '/api/orchestration/cycle',
    body: {},
    done: 'a cycle was run',
    cli: 'orbit spawn --auto',
  }),
  pauseAll: (): Order => ({
    method: 'PUT',
    path: '/api/orchestration/pause',
    body: {},
    done: 'no new work is given out',
    cli: 'orbit pause',
  }),
  resumeAll: (): Order => ({
    method: 'PUT',
    path: '/api/orchestration/resume',
    body: {},
    done: 'work is given out again',
    cli: 'orbit resume',
  }),
  shutDown: (why: string): Order => ({
    method: 'PUT',
    path: '/api/orchestration/shutdown',
    body: why === '' ? {} : { why },
    done: 'the orchestrator is shutting down',
    cli: `orbit shutdown${option('--reason', why)}`,
  }),
  pausePlan: (plan: string, what: 'work' | 'landing', why: string): Order => ({
    method: 'POST',
    path: buildPath('/api/plans/:plan/pause', { plan }),
    body: { what, why },
    done: what === 'work' ? `nothing of ${plan} is given out` : `nothing of ${plan} lands`,
    cli: `orbit pause ${quoted(plan)}${what === 'landing' ? ' --landing' : ''}${option('--reason', why)}`,
  }),
  resumePlan: (plan: string, what: 'work' | 'landing'): Order => ({
    method: 'POST',
    path: buildPath('/api/plans/:plan/resume', { plan }),
    body: { what },
    done: what === 'work' ? `work on ${plan} goes on` : `${plan} lands again`,
    cli: `orbit resume ${quoted(plan)}${what === 'landing' ? ' --landing' : ''}`,
  }),
  send: (to: string, text: string, task: string | null = null): Order => ({
    method: 'POST',
    path: '/api/messages',
    body: { to, text, task },
    done: `sent to ${to}`,
    cli: `orbit send ${quoted(to)} ${quoted(text)}${option('--task', task ?? '')}`,
  }),
  record: (finding: Pick<Finding, 'kind' | 'title' | 'text' | 'paths'>): Order => ({
    method: 'POST',
    path: '/api/findings',
    body: { ...finding, task: null },
    done: 'recorded for all',
    cli: `orbit note ${quoted(finding.title)} ${quoted(finding.text)} --kind ${finding.kind}${finding.paths.map((path) => option('--path', path)).join('')}`,
  }),
  acknowledge: (ids: readonly string[]): Order => ({
    method: 'POST',
    path: '/api/messages/acknowledge',
    body: { ids },
    done: ids.length === 1 ? 'message acknowledged' : `${ids.length} messages acknowledged`,
    cli: `orbit ack ${ids.join(' ')}`,
  }),
  openAccount: (account: string, why: string): Order => ({
    method: 'POST',
    path: buildPath('/api/accounts/:account/resume', { account }),
    body: { why },
    done: `account ${account} is used again`,
    cli: `orbit resume --account ${quoted(account)}`,
  }),
} as const;
