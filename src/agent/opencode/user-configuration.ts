/**
 * What an agent gets of the user's own OpenCode settings: which models there are and where, by an allow-list.
 *
 * All else stays behind: plugins, commands, servers and instructions of the user's are for the user's sessions, and a rule of
 * theirs that asks a person would wait for ever.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { limits } from '../../core/limits.ts';
import type { Fields } from '../fields.ts';
import { parseObject } from './fields.ts';

const taken = ['provider', 'model', 'small_model', 'enabled_providers', 'disabled_providers'];

/** In the order in which OpenCode reads them: what a later one says wins. */
const files = ['config.json', 'opencode.json', 'opencode.jsonc'];

/** Empty where the user has no settings; those that cannot be read count as none. */
export function userConfiguration(userHome: string): Fields {
  const found: Record<string, unknown> = {};
  for (const file of files) {
    const settings = readSettings(join(userHome, '.config', 'opencode', file));
    for (const name of taken) if (settings !== null && name in settings) found[name] = settings[name];
  }
  return found;
}

function readSettings(file: string): Fields | null {
  try {
    const seen = statSync(file);
    if (!seen.isFile() || seen.size > limits.lineBytesMax) return null;
    return parseObject(withoutComments(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
}

/** Strings are kept as they are; comments and commas before a closing bracket go. */
function withoutComments(text: string): string {
  const tokens = /"(?:[^"\\]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?\*\/|,(?=(?:\s|\/\/[^\n]*|\/\*[\s\S]*?\*\/)*[}\]])/g;
  return text.replace(tokens, (token) => (token.startsWith('"') ? token : '')).trim();
}
