/**
 * Reads words and flags by hand: a parser library would cost every call a third of its time.
 *
 * Owns the conventions: `--name value`, `--name=value`, `-h`, `--` ends the flags, a flag given twice keeps its last value
 * (lists collect). Unknown flags are refused with the nearest known one.
 */
import { UsageError } from '../platform/error.ts';
import { nearest } from '../platform/text.ts';
import type { Command, Flag, Flags, Input } from './command.ts';

/** Flags that every command knows. */
export const commonFlags: Flags = {
  json: { kind: 'switch', about: 'Answer as JSON on one line.' },
  help: { kind: 'switch', about: 'Show this help.' },
  quiet: { kind: 'switch', about: 'Print nothing but the answer asked for.' },
  'no-color': { kind: 'switch', about: 'No colours; NO_COLOR does the same.' },
  directory: { kind: 'text', value: 'DIR', about: 'Work as if started in DIR (also -C).' },
};

/**
 * Flags of every command may stand before the verb, as with git: `orbit -C DIR list`, `orbit --json list`. They are moved behind
 * it; an order without a verb is left as it is.
 */
export function verbFirst(args: readonly string[]): readonly string[] {
  let at = 0;
  for (let arg = args[at]; arg !== undefined && arg.startsWith('-') && arg !== '--'; arg = args[at]) {
    const name = short[arg] ?? arg.replace(/^--/, '').replace(/=.*$/s, '');
    if (name === 'help' || !Object.hasOwn(commonFlags, name)) return args;
    at += commonFlags[name]?.kind === 'switch' || arg.includes('=') ? 1 : 2;
  }
  const verb = args[at];
  return at === 0 || verb === undefined ? args : [verb, ...args.slice(0, at), ...args.slice(at + 1)];
}

const short: Readonly<Record<string, string>> = { '-h': 'help', '-q': 'quiet', '-C': 'directory' };

/** Throws `UsageError`: `bad-flag`, `missing-argument`. */
export function readInput(
  verb: string,
  command: Pick<Command, 'flags' | 'words' | 'usage'>,
  args: readonly string[],
): Input {
  const flags: Flags = { ...commonFlags, ...command.flags };
  const values = new Map<string, string[]>();
  const words: string[] = [];
  let at = 0;
  for (; at < args.length; at += 1) {
    const arg = args[at] ?? '';
    if (arg === '--') break;
    if (!arg.startsWith('-') || arg === '-' || /^-\d/.test(arg)) {
      words.push(arg);
      continue;
    }
    const [name, given] = nameOf(verb, arg, flags);
    const flag = flags[name] as Flag;
    if (flag.kind === 'switch') {
      if (given !== null) throw bad(verb, `--${name} takes no value`);
      values.set(name, []);
      continue;
    }
    const value = given ?? args[(at += 1)];
    if (value === undefined)
      throw bad(verb, `--${name} needs a value${flag.value === undefined ? '' : `: ${flag.value}`}`);
    values.set(name, flag.kind === 'texts' ? [...(values.get(name) ?? []), value] : [value]);
  }
  if (!values.has('help')) checkWords(verb, command, words);
  return inputOf(verb, { words, rest: args.slice(at + 1), values }, flags);
}

function nameOf(verb: string, arg: string, flags: Flags): [name: string, value: string | null] {
  const cut = arg.indexOf('=');
  const written = cut < 0 ? arg : arg.slice(0, cut);
  const name = short[written] ?? (written.startsWith('--') ? written.slice(2) : '');
  if (Object.hasOwn(flags, name)) return [name, cut < 0 ? null : arg.slice(cut + 1)];
  const near = nearest(written.replace(/^-+/, ''), Object.keys(flags));
  throw bad(verb, `unknown flag ${written}${near === null ? '' : `; did you mean --${near}?`}`);
}

function checkWords(
  verb: string,
  { words: wanted, usage }: Pick<Command, 'words' | 'usage'>,
  words: readonly string[],
): void {
  if (words.length < wanted.min) {
    throw new UsageError('missing-argument', `orbit ${verb} needs ${wanted.names}`, `orbit ${usage[0] ?? verb}`);
  }
  if (words.length > wanted.max) {
    const extra = words.slice(wanted.max).join(' ');
    throw new UsageError(
      'bad-flag',
      `orbit ${verb}: ${JSON.stringify(extra)} is too much`,
      `orbit ${usage[0] ?? verb}`,
    );
  }
}

interface Parsed {
  words: readonly string[];
  rest: readonly string[];
  values: ReadonlyMap<string, readonly string[]>;
}

function inputOf(verb: string, { words, rest, values }: Parsed, flags: Flags): Input {
  const text = (flag: string): string | null => values.get(flag)?.[0] ?? null;
  return {
    words,
    rest,
    text,
    texts: (flag) => values.get(flag) ?? [],
    has: (flag) => values.has(flag),
    number: (flag) => {
      const value = text(flag);
      if (value === null) return null;
      const number = Number(value);
      if (value.trim() === '' || !Number.isFinite(number))
        throw bad(verb, `--${flag} needs a number, not ${JSON.stringify(value)}`);
      const least = flags[flag]?.least;
      if (least !== undefined && (number < least || !Number.isSafeInteger(number)))
        throw bad(verb, `--${flag} needs a whole number from ${least} on, not ${JSON.stringify(value)}`);
      return number;
    },
  };
}

function bad(verb: string, message: string): UsageError {
  return new UsageError('bad-flag', `orbit ${verb}: ${message}`, `orbit help ${verb}`);
}
