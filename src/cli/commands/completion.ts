import { UsageError } from '../../platform/error.ts';
import type { Command } from '../command.ts';
import { commonFlags } from '../flags.ts';

const shells = ['bash', 'zsh', 'fish'] as const;

export const command: Command = {
  summary: 'Print the completion script of a shell.',
  usage: ['completion bash|zsh|fish'],
  examples: [
    ['source <(orbit completion bash)', 'in ~/.bashrc'],
    ['orbit completion fish > ~/.config/fish/completions/orbit.fish', 'for fish'],
  ],
  flags: { complete: { kind: 'switch', about: 'Used by the scripts: answers what may stand next.' } },
  words: { min: 0, max: 1, names: 'a shell' },
  async run(input, around) {
    if (input.has('complete')) {
      const words = await proposals(input.rest, around);
      return { data: { words }, text: words.join('\n') };
    }
    const [shell = ''] = input.words;
    if (!shells.some((each) => each === shell))
      throw new UsageError(
        'bad-flag',
        `there is no completion for ${JSON.stringify(shell)}`,
        `orbit completion ${shells.join('|')}`,
      );
    const script = scripts[shell as (typeof shells)[number]];
    return { data: { shell, script }, text: script };
  },
};

/** What may stand where the last of the words is: verbs first, then flags of the verb and ids of tasks and plans. */
async function proposals(words: readonly string[], around: Parameters<Command['run']>[1]): Promise<string[]> {
  const { verbs } = around;
  const last = words.at(-1) ?? '';
  const [verb] = words;
  const starting = (known: readonly string[]): string[] => known.filter((name) => name.startsWith(last));
  if (words.length <= 1)
    return starting(Object.entries(verbs).flatMap(([name, { group }]) => (group === null ? [] : [name])));
  const entry = verb !== undefined && Object.hasOwn(verbs, verb) ? verbs[verb] : undefined;
  if (entry === undefined) return verb === 'help' ? starting(Object.keys(verbs)) : [];
  const { flags } = await entry.load();
  return starting([...Object.keys({ ...commonFlags, ...flags }).map((name) => `--${name}`), ...(await names(around))]);
}

/** Ids of plans and tasks. A shell must not see an error while somebody types. */
async function names(around: Parameters<Command['run']>[1]): Promise<string[]> {
  try {
    const { store, clock } = await around.project();
    const records = await store.tasks({}, clock.now());
    const agents = new Set(records.flatMap(({ task }) => task.agent ?? []));
    return [...(await store.plans()).map(({ id }) => id), ...records.map(({ task }) => task.id), ...agents];
  } catch {
    return [];
  }
}

/** The words typed so far go behind `--`, so that flags among them are data, not flags of this call. */
const scripts: Record<(typeof shells)[number], string> = {
  bash: `_orbit() {
  local IFS=$'\\n'
  COMPREPLY=($(orbit completion --complete -- "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null))
}
complete -o default -F _orbit orbit orbit-agent`,
  zsh: `#compdef orbit orbit-agent
_orbit() {
  local -a found
  found=("\${(@f)$(orbit completion --complete -- "\${words[@]:1:CURRENT-1}" 2>/dev/null)}")
  compadd -a found
}
compdef _orbit orbit orbit-agent`,
  fish: `function __orbit_complete
  set -l words (commandline -opc) (commandline -ct)
  orbit completion --complete -- $words[2..-1] 2>/dev/null
end
complete -c orbit -f -a '(__orbit_complete)'
complete -c orbit-agent -f -a '(__orbit_complete)'`,
};
