import { callerOf } from '../../actions/caller.ts';
import { isRejection } from '../../core/rejection.ts';
import type { Around, Command } from '../command.ts';

export const command: Command = {
  summary: 'Serve Orbit as an MCP server on standard input and output.',
  usage: ['mcp [--role orchestrator|manager|observer]'],
  examples: [
    ['claude mcp add orbit -- orbit mcp', "in a session of your own: the orchestrator's tools"],
    ['claude mcp add orbit -- orbit mcp --role observer', 'tools that look and change nothing'],
    ['orbit mcp', 'inside an attempt: its task, progress, questions, completion; ends with its input'],
  ],
  flags: {
    role: { kind: 'text', value: 'ROLE', about: 'Which tools a person gets; an attempt has those of a worker.' },
  },
  words: { min: 0, max: 0, names: '' },
  async run(input, around) {
    const { roleOf } = await import('../../mcp/role.ts');
    const role = roleOf(callerOf(around.environment), input.text('role'));
    if (isRejection(role)) return role;
    const { serveMcp } = await import('../../mcp/server.ts');
    await serveMcp({
      role,
      open: around.project,
      makeProject: role === 'orchestrator' ? async () => makeProject(around) : null,
      input: process.stdin,
      output: process.stdout,
      log: around.warn,
    });
    return { data: null, text: '' };
  },
};

/** As `orbit init` without its files for agents. */
async function makeProject({ directory, environment }: Around): Promise<void> {
  const [{ openRepositoryForInit }, { initProject }] = await Promise.all([
    import('../../compose.ts'),
    import('../../actions/init-project.ts'),
  ]);
  const { paths, settings, createStore } = openRepositoryForInit({ directory, environment });
  const order = { agentsFile: false, skill: false, path: environment['PATH'] ?? '' };
  await initProject(paths, order, { settings, createStore });
}
