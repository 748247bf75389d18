/** Where gemini, copilot and qwen keep the user's login, and what of it an agent gets. */
import { amountIn, fieldsIn, type Fields } from '../fields.ts';
import type { LoginFile } from '../login-files.ts';

/** Of copilot's settings only who is logged in: the rest is habits of the user's and the folders they trust. */
const copilotConfig: LoginFile = {
  path: '.copilot/config.json',
  pick(text) {
    const fields = parsed(text);
    const kept = copilotNames.filter((name) => name in fields).map((name) => [name, fields[name]]);
    return kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept));
  },
};
const copilotNames = [
  'lastLoggedInUser',
  'loggedInUsers',
  'copilotTokens',
  'last_logged_in_user',
  'logged_in_users',
  'copilot_tokens',
];

export const loginFiles: Readonly<Record<'gemini' | 'copilot' | 'qwen', readonly LoginFile[]>> = {
  gemini: [
    { path: '.gemini/oauth_creds.json', isReturned: isRefreshed },
    { path: '.gemini/google_accounts.json' },
    { path: '.gemini/installation_id' },
  ],
  copilot: [copilotConfig],
  qwen: [{ path: '.qwen/oauth_creds.json', isReturned: isRefreshed }],
};

/** The same login with a later end: an agent can write this file, too, and must not give the user another account. */
function isRefreshed(before: string, after: string): boolean {
  const [old, now] = [parsed(before), parsed(after)];
  const sameShape = Object.keys(old).sort().join() === Object.keys(now).sort().join();
  const sameAccount = ['scope', 'id_token', 'resource_url'].every((name) => typeof old[name] === typeof now[name]);
  const [until, newUntil] = [amountIn(old['expiry_date']), amountIn(now['expiry_date'])];
  return sameShape && sameAccount && until !== null && newUntil !== null && newUntil > until;
}

function parsed(text: string): Fields {
  try {
    return fieldsIn(JSON.parse(text));
  } catch {
    return {};
  }
}
