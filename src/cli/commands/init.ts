import type { Command } from '../command.ts';

export const command: Command = {
  summary: 'Make this repository an Orbit project, or bring one up to date.',
  usage: ['init [--no-agents-file] [--skill]'],
  examples: [
    ['orbit init', 'store, settings, and a block for agents in AGENTS.md'],
    ['orbit init --no-agents-file', 'the same without touching AGENTS.md and CLAUDE.md'],
  ],
  flags: {
    'no-agents-file': { kind: 'switch', about: 'Leave AGENTS.md and CLAUDE.md alone.' },
    skill: { kind: 'switch', about: 'Also write .claude/skills/orbit/SKILL.md.' },
  },
  words: { min: 0, max: 0, names: '' },
  async run(input, { directory, environment }) {
    const [{ openRepositoryForInit }, { initProject }] = await Promise.all([
      import('../../compose.ts'),
      import('../../actions/init-project.ts'),
    ]);
    const { paths, ...parts } = openRepositoryForInit({ directory, environment });
    const answer = await initProject(
      paths,
      { agentsFile: !input.has('no-agents-file'), skill: input.has('skill'), path: environment['PATH'] ?? '' },
      parts,
    );
    const made =
      answer.changed.length === 0 ? ['Everything is in place already.'] : answer.changed.map((path) => `  ${path}`);
    const text = [
      `${answer.project} is an Orbit project.`,
      ...made,
      ...(answer.agents.length === 0
        ? []
        : [`Agents found: ${answer.agents.join(', ')}; orbit agents check tries them.`]),
      '',
      'Next: write specs/001/agent-tasks/layered-tasks.md, or orbit import spec-kit specs/001/tasks.md;',
      'then orbit ready, or add agents to orbit.config.json and orbit run 001.',
    ];
    return { data: answer, text: text.join('\n') };
  },
};
