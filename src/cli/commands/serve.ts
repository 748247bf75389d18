import { join } from 'node:path';
import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Serve the API and the dashboard until it is interrupted.',
  usage: ['serve [--port N] [--host ADDRESS]'],
  examples: [
    ['orbit serve', 'prints a link that signs a browser in; it works once, for ten minutes'],
    ['orbit serve --port 8080', 'at this port, or the next free one'],
    ['orbit serve --json', 'one line: {"url","link","token"}'],
  ],
  flags: {
    port: { kind: 'number', least: 0, value: 'N', about: 'Port to begin at; the next free one where it is taken.' },
    host: { kind: 'text', value: 'ADDRESS', about: 'Another address than this machine’s own; needs TLS and tokens.' },
  },
  words: { min: 0, max: 0, names: '' },
  async run(input, around) {
    const context = await around.project();
    const [{ openApi }, { openLog }, { refuseAgents }] = await Promise.all([
      import('../../compose-api.ts'),
      import('../../platform/log.ts'),
      import('../../actions/refuse-agents.ts'),
    ]);
    const refusal = await refuseAgents(context, 'serve the API');
    if (refusal !== null) return refusal;
    const log = openLog(join(context.paths.logs, 'api.log'), () => context.clock.now());
    await using server = await openApi(context, {
      environment: around.environment,
      port: input.number('port'),
      host: input.text('host'),
      log,
    });
    const link = server.link();
    if (around.json) around.write(`${JSON.stringify({ url: server.url, link, token: server.token('person') })}\n`);
    else around.write(`Dashboard: ${link}\nAPI:       ${server.url}/api   (orbit open --token prints a token)\n`);
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
    });
    return { data: null, text: '' };
  },
};
