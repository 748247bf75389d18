import { UsageError } from '../../platform/error.ts';
import { findProgram } from '../../platform/process.ts';
import type { Around, Command } from '../command.ts';

export const command: Command = {
  summary: 'Open the dashboard of the running server in a browser.',
  usage: ['open [--print] [--token]'],
  examples: [
    ['orbit open', 'signs the browser in by a link that works once'],
    ['orbit open --print', 'prints that link, for another browser'],
    [
      'curl -H "Authorization: Bearer $(orbit open --token)" http://127.0.0.1:4711/api/overview',
      'the token is for programs',
    ],
  ],
  flags: {
    print: { kind: 'switch', about: 'Print the link and open nothing.' },
    token: { kind: 'switch', about: 'Print a token for programs, which may do all that you may.' },
    observer: { kind: 'switch', about: 'With --token: one that may only look.' },
  },
  words: { min: 0, max: 0, names: '' },
  async run(input, around) {
    const context = await around.project();
    const [{ refuseAgents }, { openAccess }, { askLink }, { placesIn, readPlace }] = await Promise.all([
      import('../../actions/refuse-agents.ts'),
      import('../../api/access.ts'),
      import('../../api/ask-link.ts'),
      import('../../api/place.ts'),
    ]);
    const refusal = await refuseAgents(context, 'sign in');
    if (refusal !== null) return refusal;
    const access = await openAccess(context.paths.key, {});
    const token = access.token(input.has('observer') ? 'observer' : 'person');
    const place = readPlace(placesIn(context.paths.orbitDirectory));
    if (input.has('token')) return { data: { token, url: place?.url ?? null }, text: token };
    if (place === null) {
      throw new UsageError('not-serving', 'no server of this project runs', 'orbit serve, or orbit run <plan>');
    }
    const { tlsCert } = (await context.settings()).api;
    const link = await askLink({ url: place.url, token: access.token('person'), tlsCert });
    const opened = input.has('print') ? false : await openBrowser(link, around);
    return { data: { link, opened }, text: opened ? `Opened ${place.url} in your browser.` : link };
  },
};

/** Whether a browser was started; over SSH or without a screen the link is printed instead. */
async function openBrowser(link: string, { environment }: Around): Promise<boolean> {
  const isMac = process.platform === 'darwin';
  const hasScreen = isMac || (environment['DISPLAY'] ?? environment['WAYLAND_DISPLAY'] ?? '') !== '';
  const program = findProgram(isMac ? 'open' : 'xdg-open', environment['PATH'] ?? '');
  if (!hasScreen || !('path' in program)) return false;
  const { spawn } = await import('node:child_process');
  spawn(program.path, [link], { detached: true, stdio: 'ignore' }).unref();
  return true;
}
