/**
 * Where Claude Code keeps the user's login, and what of it an agent gets.
 *
 * Of `.claude.json` only who is logged in: the rest is settings and the history of the user's projects.
 */
import { fieldsIn, type Fields } from '../fields.ts';
import type { LoginFile } from '../login-files.ts';

const credentials: LoginFile = {
  path: '.claude/.credentials.json',
  isReturned: isRefreshed,
};

const account: LoginFile = {
  path: '.claude.json',
  pick: (text) => {
    const fields = parsed(text);
    const kept = accountNames.filter((name) => name in fields).map((name) => [name, fields[name]]);
    return kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept));
  },
};

const accountNames: readonly string[] = ['oauthAccount', 'primaryApiKey', 'hasCompletedOnboarding', 'userID'];

export const claudeLogin: readonly LoginFile[] = [credentials, account];

/** With one of these the program needs no login of the user's, so it gets none. */
export const keyNames: readonly string[] = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'CLAUDE_CODE_OAUTH_TOKEN'];

/** The same login with newer tokens: an agent can write this file, too, and must not give the user another account. */
function isRefreshed(before: string, after: string): boolean {
  const [old, now] = [before, after].map((text) => fieldsIn(parsed(text)['claudeAiOauth']));
  if (old === undefined || now === undefined) return false;
  const sameShape = shapeOf(parsed(before)) === shapeOf(parsed(after)) && shapeOf(old) === shapeOf(now);
  const [until, newUntil] = [Number(old['expiresAt']), Number(now['expiresAt'])];
  return sameShape && newUntil > until && String(old['subscriptionType']) === String(now['subscriptionType']);
}

function shapeOf(fields: Fields): string {
  return Object.keys(fields).sort().join();
}

function parsed(text: string): Fields {
  try {
    return fieldsIn(JSON.parse(text));
  } catch {
    return {};
  }
}
