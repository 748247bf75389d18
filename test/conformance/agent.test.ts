/** The agent suite, run on every adapter that needs nothing from outside. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AgentSettings } from '../../src/agent/agent.ts';
import { commandAdapter } from '../../src/agent/command/command.ts';
import { scriptedAdapter } from '../../src/agent/scripted/scripted.ts';
import type { AgentSubject } from './agent-subject.ts';
import { agentSuite } from './agent-suite.ts';

const player = fileURLToPath(new URL('fixtures/scripted-agent.ts', import.meta.url));

agentSuite({
  name: 'scripted',
  adapter: scriptedAdapter({ program: [player] }),
  playing: (script) => ({ adapter: 'scripted', slots: 1, script }),
  unstartable: (directory) => {
    writeFileSync(join(directory, 'bad.json'), '{"default":[[{"do":"write","path":7}]]}');
    writeFileSync(join(directory, 'broken.json'), '{"default":\n[}');
    return [
      { settings: { adapter: 'scripted', slots: 1 }, says: /"script"/ },
      { settings: { adapter: 'scripted', slots: 1, script: 'none.json' }, says: /\/none\.json cannot be read/ },
      {
        settings: { adapter: 'scripted', slots: 1, script: './bad.json' },
        says: /bad\.json is wrong: \/default\/0\/0\/path: must be a text/,
      },
      {
        settings: { adapter: 'scripted', slots: 1, script: 'broken.json' },
        says: /broken\.json is wrong: .*line 2 column 2/,
      },
    ];
  },
});

agentSuite(command('command, json-lines', { output: 'json-lines' }));
agentSuite(command('command, text', { output: 'text' }));

function command(name: string, output: Pick<AgentSettings, 'output'>): AgentSubject {
  const settings = (...words: string[]): AgentSettings => ({ adapter: 'command', slots: 1, command: words, ...output });
  return {
    name,
    adapter: commandAdapter,
    playing: (script) => settings(process.execPath, player, 'scripted-agent', script),
    unstartable: (directory) => {
      writeFileSync(join(directory, 'plain.sh'), '#!/bin/sh\n');
      return [
        { settings: settings(), says: /"command"/ },
        { settings: settings('no-such-orbit-agent'), says: /"no-such-orbit-agent" is not on the PATH/ },
        { settings: settings('./none.sh'), says: new RegExp(`${directory}/none\\.sh does not exist`) },
        { settings: settings('./plain.sh'), says: new RegExp(`${directory}/plain\\.sh is not executable`) },
        { settings: settings(directory), says: new RegExp(`${directory} is not a file`) },
      ];
    },
  };
}
