/**
 * GitHub's REST interface (API version 2022-11-28), also of GitHub Enterprise Server.
 *
 * Owns GitHub's words for things. Its traps: `head` wants `owner:branch`; a check is either a status or a check run, and both have to
 * be asked; a review stays in the list after the head moved on, told apart by its commit.
 */
import type { Checks, Forge, OpenPullRequest, PullRequest, Reviews } from '../forge.ts';
import { addressIn, commitIn, fieldsIn, numberIn, textIn, type Fields } from '../fields.ts';
import { checksOf, gather, newestFirst, type Report } from '../gather.ts';
import type { ForgeHttp } from '../http.ts';
import { refused, saidOf } from '../refused.ts';

export interface GithubOrder {
  http: ForgeHttp;
  /** `acme/app`. */
  repository: string;
  /** For people. */
  host: string;
}

export function openGithub({ http, repository, host }: GithubOrder): Forge {
  const [owner = ''] = repository.split('/');
  const at = `/repos/${repository}`;
  const get = async (number: number): Promise<PullRequest> => pullOf((await http.get(`${at}/pulls/${number}`)).body);
  const update: Forge['update'] = async (number, change) =>
    pullOf((await http.send('PATCH', `${at}/pulls/${number}`, { body: change })).body);
  const find: Forge['find'] = async ({ head, marker }) => {
    const query = { head: `${owner}:${head}`, state: 'all', sort: 'created', direction: 'desc', per_page: '100' };
    const found = (await http.list(`${at}/pulls`, query)).map(pullOf);
    return newestFirst(found.filter((pull) => pull.head === head && pull.body.includes(marker)))[0] ?? null;
  };
  return {
    kind: 'github',
    name: `${host}/${repository}`,
    find,
    get,
    update,
    open: async (order) => {
      const { head, base, title, body } = order;
      const made = await http.send('POST', `${at}/pulls`, { body: { head, base, title, body }, accept: [422] });
      return made.status === 422 ? adopt({ http, at, owner }, order, made.body) : pullOf(made.body);
    },
    checks: async (commit) => checks(http, at, commit),
    reviews: async (pull) => reviews(http, at, pull),
    merge: async (number, { commit, title }) => {
      const body = { sha: commit, commit_title: title, merge_method: 'merge' };
      const answer = await http.send('PUT', `${at}/pulls/${number}/merge`, { body, accept: [405, 409, 422] });
      return answer.status === 200 ? { merged: true, why: '' } : { merged: false, why: saidOf(answer.body) };
    },
    close: async (number) => {
      await http.send('PATCH', `${at}/pulls/${number}`, { body: { state: 'closed' } });
    },
    comment: async (number, { text, marker }) => {
      const said = await http.list(`${at}/issues/${number}/comments`, { per_page: '100' });
      if (said.some((one) => textIn(fieldsIn(one)['body']).includes(marker))) return;
      await http.send('POST', `${at}/issues/${number}/comments`, { body: { body: `${text}\n\n${marker}` } });
    },
  };
}

/** 422 means "there is one" or "no": which, only a look can tell. */
async function adopt(
  { http, at, owner }: { http: ForgeHttp; at: string; owner: string },
  { head, base, title, body }: OpenPullRequest,
  refusal: unknown,
): Promise<PullRequest> {
  const query = { head: `${owner}:${head}`, base, state: 'open', per_page: '100' };
  const found = (await http.list(`${at}/pulls`, query))
    .map(pullOf)
    .find((pull) => pull.head === head && pull.base === base);
  if (found === undefined) throw refused(refusal);
  return pullOf((await http.send('PATCH', `${at}/pulls/${found.number}`, { body: { title, body } })).body);
}

async function checks(http: ForgeHttp, at: string, commit: string): Promise<Checks> {
  const query = { per_page: '100' };
  const statuses = await gather(http, `${at}/commits/${commit}/status`, { field: 'statuses', query });
  const runs =
    (await gather(http, `${at}/commits/${commit}/check-runs`, { field: 'check_runs', query })) ??
    // Fine-grained tokens cannot have the right to read check runs; workflows they can.
    (await gather(http, `${at}/actions/runs`, { field: 'workflow_runs', query: { ...query, head_sha: commit } }));
  const found = checksOf([...(statuses ?? []).map(statusReport), ...(runs ?? []).map(runReport)]);
  return statuses === null || runs === null ? { ...found, unseen: true } : found;
}

function statusReport({ context, state, description, target_url: url }: Fields): Report {
  const isRed = state === 'failure' || state === 'error';
  return report(context, isRed ? 'red' : state === 'success' ? 'green' : 'pending', { text: textIn(description), url });
}

const passed = new Set(['success', 'neutral', 'skipped']);
/** A run that was cancelled or waits for somebody says nothing against the work, and nothing for it. */
const failed = new Set(['failure', 'timed_out', 'startup_failure']);

function runReport({ name, status, conclusion, output, html_url: url }: Fields): Report {
  const { title, summary } = fieldsIn(output);
  const word = status === 'completed' ? textIn(conclusion) : '';
  const state = passed.has(word) ? 'green' : failed.has(word) ? 'red' : 'pending';
  const text = [textIn(title), textIn(summary)].filter((part) => part !== '').join('\n');
  return report(name, state, { text: text === '' ? textIn(conclusion) : text, url });
}

function report(name: unknown, state: Report['state'], { text, url }: { text: string; url: unknown }): Report {
  const address = addressIn(url);
  return { name: textIn(name), state, text, url: address === '' ? null : address };
}

async function reviews(http: ForgeHttp, at: string, { number, commit }: PullRequest): Promise<Reviews> {
  const all = (await http.list(`${at}/pulls/${number}/reviews`, { per_page: '100' })).map(fieldsIn);
  const latest = new Map<string, { state: string; commit: string | null; id: unknown; text: string; author: string }>();
  for (const one of all) {
    const state = textIn(one['state']);
    const author = textIn(fieldsIn(one['user'])['login']);
    // A plain comment takes back neither an approval nor an objection.
    if (!['APPROVED', 'CHANGES_REQUESTED', 'DISMISSED'].includes(state)) continue;
    latest.set(author, { state, author, commit: commitIn(one['commit_id']), id: one['id'], text: textIn(one['body']) });
  }
  const said = [...latest.values()];
  const against = said.filter(({ state, commit: of }) => state === 'CHANGES_REQUESTED' && of === commit);
  if (against.length === 0) {
    const isApproved =
      said.some(({ state }) => state === 'APPROVED') && !said.some(({ state }) => state === 'CHANGES_REQUESTED');
    return { state: isApproved ? 'approved' : 'none', comments: [] };
  }
  const lines = (await http.list(`${at}/pulls/${number}/comments`, { per_page: '100' })).map(fieldsIn);
  const ids = new Set(against.map(({ id }) => id));
  const inline = lines.filter((one) => ids.has(one['pull_request_review_id']));
  return {
    state: 'changes',
    comments: [
      ...against
        .filter(({ text }) => text !== '')
        .map(({ author, text }) => ({ author, text, path: null, line: null })),
      ...inline.map((one) => ({
        author: textIn(fieldsIn(one['user'])['login']),
        text: textIn(one['body']),
        path: textIn(one['path']) || null,
        line: typeof one['line'] === 'number' ? one['line'] : null,
      })),
    ],
  };
}

function pullOf(value: unknown): PullRequest {
  const fields = fieldsIn(value);
  const number = numberIn(fields['number'], 'the number of a pull request');
  const head = fieldsIn(fields['head']);
  // Lists have `merged_at` only, single ones `merged` too.
  const isMerged = fields['merged'] === true || typeof fields['merged_at'] === 'string';
  return {
    number,
    url: addressIn(fields['html_url']),
    state: isMerged ? 'merged' : fields['state'] === 'closed' ? 'closed' : 'open',
    head: textIn(head['ref']),
    base: textIn(fieldsIn(fields['base'])['ref']),
    title: textIn(fields['title']),
    body: textIn(fields['body']),
    commit: commitIn(head['sha']),
    mergedAs: isMerged ? commitIn(fields['merge_commit_sha']) : null,
    keptRef: `refs/pull/${number}/head`,
  };
}
