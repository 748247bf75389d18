/**
 * Words: a command line as people write it in settings and plans, cut into argument lists without any shell.
 *
 * Owns the small grammar: blanks part words; '…' and "…" quote, a backslash quotes one character; NAME=value before the
 * program sets a variable; `&&` parts commands that run one after the other. What only a shell could do is refused by name,
 * because passing it on as plain text would fail later and for no visible reason.
 */

export interface Command {
  program: string;
  args: readonly string[];
  /** Variables set before the program. */
  environment: Readonly<Record<string, string>>;
}

export interface WordsFault {
  fault: string;
}

/** The commands of one line, in order, or a sentence that says what cannot be done. */
export function parseCommands(line: string): readonly Command[] | WordsFault {
  const tokens = cut(line);
  if ('fault' in tokens) return tokens;
  const commands: Command[] = [];
  let words: Word[] = [];
  for (const token of [...tokens, and]) {
    if (token !== '&&') {
      words.push(token);
      continue;
    }
    const command = commandOf(words);
    if (command === null) return { fault: `"${line}" is not a command: a program is missing` };
    // No program has this name; a shell would turn the outcome of the rest around.
    if (command.program === '!') return needsShell(line, 'the negation !');
    commands.push(command);
    words = [];
  }
  return commands;
}

interface Word {
  text: string;
  /** Length of the text's beginning that was written without quotes: only there may NAME= stand. */
  plain: number;
}

type And = '&&';

/** Stands between two commands; a quoted one is a word with a text. */
const and: And = '&&';

function commandOf(words: readonly Word[]): Command | null {
  const environment: Record<string, string> = {};
  for (const [index, { text, plain }] of words.entries()) {
    const equals = text.indexOf('=');
    if (equals > 0 && equals < plain && /^[A-Za-z_][A-Za-z0-9_]*$/.test(text.slice(0, equals))) {
      environment[text.slice(0, equals)] = text.slice(equals + 1);
      continue;
    }
    return { program: text, args: words.slice(index + 1).map((word) => word.text), environment };
  }
  return null;
}

/** What a shell would act on. `&` is here because `&&` is taken before. */
const special: Readonly<Record<string, string>> = {
  '|': 'a pipe',
  '&': 'the background operator &',
  ';': 'the separator ;',
  '<': 'a redirection',
  '>': 'a redirection',
  '(': 'a subshell',
  ')': 'a subshell',
  '`': 'a command substitution',
  $: 'a variable or substitution',
  '*': 'a file pattern',
  '?': 'a file pattern',
  '\n': 'a line break',
  '\r': 'a line break',
};

/** What a shell would act on at the start of a word. */
const specialFirst: Readonly<Record<string, string>> = {
  '~': 'a home directory ~',
  '#': 'a comment',
};

function cut(line: string): (Word | And)[] | WordsFault {
  const tokens: (Word | And)[] = [];
  let word: Word | null = null;
  const add = (text: string, isPlain: boolean): void => {
    word ??= { text: '', plain: 0 };
    if (isPlain && word.plain === word.text.length) word.plain += text.length;
    word.text += text;
  };
  for (let at = 0; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (character === ' ' || character === '\t' || line.startsWith('&&', at)) {
      if (word !== null) tokens.push(word);
      word = null;
      if (character !== '&') continue;
      tokens.push(and);
      at += 1;
    } else if (character === "'" || character === '"') {
      const quoted = readQuoted(line, at);
      if ('fault' in quoted) return quoted;
      add(quoted.text, false);
      at = quoted.end;
    } else if (character === '\\') {
      if (at + 1 === line.length) return { fault: `"${line}" ends in a backslash` };
      add(line[at + 1] ?? '', false);
      at += 1;
    } else {
      const operator = special[character] ?? (word === null ? specialFirst[character] : undefined);
      if (operator !== undefined) return needsShell(line, operator);
      add(character, true);
    }
  }
  if (word !== null) tokens.push(word);
  return tokens;
}

function readQuoted(line: string, start: number): { text: string; end: number } | WordsFault {
  const quote = line[start];
  let text = '';
  for (let at = start + 1; at < line.length; at += 1) {
    const character = line[at] ?? '';
    if (character === quote) return { text, end: at };
    if (quote === '"' && (character === '$' || character === '`')) return needsShell(line, special[character] ?? '');
    const next = line[at + 1] ?? '';
    if (quote === '"' && character === '\\' && '"\\$`'.includes(next) && next !== '') {
      text += next;
      at += 1;
    } else {
      text += character;
    }
  }
  return { fault: `"${line}" has a quote ${quote} that is not closed` };
}

function needsShell(line: string, operator: string): WordsFault {
  const how = `put it into a script and run that, quote it if it is plain text, or write sh -c '...'`;
  return { fault: `"${line}" has ${operator}, which needs a shell; Orbit starts programs without one: ${how}` };
}
