/**
 * What of a user's own `config.toml` Orbit takes over for Codex: which model and which provider, and what that needs.
 *
 * The document is cut into statements and whole ones are kept or left out, byte for byte; their values are Codex's to read. It is
 * no TOML parser: a document that it cannot cut (an open string or bracket) gives what came before.
 */

export interface UserConfig {
  /** Statements before the first table: the provider's and the model's name. */
  top: string;
  /** The tables of providers. */
  tables: string;
  hasModel: boolean;
  hasProvider: boolean;
  /** Names of the environment variables that its providers read keys and headers from. */
  environmentNames: readonly string[];
}

const topKeys = new Set(['model', 'model_provider', 'openai_base_url', 'chatgpt_base_url', 'model_context_window']);
const providerTable = 'model_providers';
const namesMax = 50;

/** @param text of `~/.codex/config.toml`; `keep` says whether the user's model is wanted. */
export function readUserConfig(text: string): UserConfig {
  const [top, tables]: [string[], string[]] = [[], []];
  const seen = new Set<string>();
  const names = new Set<string>();
  let table: readonly string[] = [];
  for (const statement of statementsOf(text)) {
    if (statement.startsWith('[')) {
      table = keyOf(statement.replace(/^\[+/, ''));
      if (table[0] === providerTable) tables.push(statement);
      continue;
    }
    const key = keyOf(statement);
    const isProvider = table[0] === providerTable || (table.length === 0 && key[0] === providerTable);
    if (table.length === 0 && (topKeys.has(key[0] ?? '') || isProvider)) top.push(statement);
    if (table.length === 0) seen.add(key[0] ?? '');
    if (isProvider) {
      if (table.length > 0) tables.push(statement);
      for (const name of namesIn(statement, [...table, ...key])) if (names.size < namesMax) names.add(name);
    }
  }
  return {
    top: joined(top),
    tables: joined(tables),
    hasModel: seen.has('model'),
    hasProvider: seen.has('model_provider'),
    environmentNames: [...names],
  };
}

/** The same without the user's model, where the order names another. */
export function withoutModel(top: string): string {
  return joined(statementsOf(top).filter((statement) => keyOf(statement)[0] !== 'model'));
}

/** A text as a TOML string. */
export function tomlText(text: string): string {
  // JSON's escapes are TOML's, but for the delete character, which TOML wants escaped.
  return JSON.stringify(text).replaceAll('\u007F', String.raw`\u007F`);
}

/** `env_key = "NAME"`, and the values of `env_http_headers`. */
function namesIn(statement: string, path: readonly string[]): string[] {
  const name = /^[A-Za-z_]\w*$/;
  const values = (text: string): string[] =>
    [...text.matchAll(/=\s*(?:"([^"\\\n]*)"|'([^'\n]*)')/g)].map(([, double, single]) => double ?? single ?? '');
  const found = path.some((part) => part === 'env_key' || part === 'env_http_headers')
    ? values(statement)
    : // Inline tables: `local = { env_key = "KEY", … }`.
      [...statement.matchAll(/\benv_key\s*=\s*(?:"([^"\\\n]*)"|'([^'\n]*)')/g)].map(
        ([, double, single]) => double ?? single ?? '',
      );
  return found.filter((value) => name.test(value));
}

/** The parts of a dotted key, before the `=` or the `]`. */
function keyOf(statement: string): string[] {
  const part = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))\s*(\.)?/y;
  const parts: string[] = [];
  for (let match = part.exec(statement); match !== null; match = part.exec(statement)) {
    parts.push(match[1] ?? match[2] ?? match[3] ?? '');
    if (match[4] === undefined) break;
  }
  return parts;
}

/** Table headers and assignments, each with all of its lines, without comments of their own lines. */
function statementsOf(text: string): string[] {
  const statements: string[] = [];
  const token = /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|#[^\n]*|[[\]{}]|\n|[^"'#[\]{}\n]+/y;
  let [current, depth, end] = ['', 0, 0];
  const flush = (): void => {
    if (current.trim() !== '') statements.push(current.trim());
    current = '';
  };
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [found] = match;
    end = token.lastIndex;
    if (found.startsWith('#')) continue;
    if (found === '[' || found === '{') depth += 1;
    if (found === ']' || found === '}') depth -= 1;
    if (found === '\n' && depth <= 0) {
      depth = 0;
      flush();
    } else current += found;
  }
  if (end === text.length && depth <= 0) flush();
  return statements;
}

function joined(statements: readonly string[]): string {
  return statements.map((statement) => `${statement}\n`).join('');
}
