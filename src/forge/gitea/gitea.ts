/**
 * Gitea's REST interface (v1), which Forgejo shares.
 *
 * Owns Gitea's words for things. Its traps: lists cannot be filtered by head branch, so the newest pages are searched; an existing pull
 * request answers 409; a merge that cannot be done yet answers 405 with words.
 */
import type { Checks, Forge, OpenPullRequest, PullRequest, Reviews } from '../forge.ts';
import { addressIn, commitIn, fieldsIn, listIn, numberIn, textIn } from '../fields.ts';
import { checksOf, gather, newestFirst, type Report } from '../gather.ts';
import type { ForgeHttp } from '../http.ts';
import { refused, saidOf } from '../refused.ts';

export interface GiteaOrder {
  http: ForgeHttp;
  /** `acme/app`. */
  repository: string;
  /** For people. */
  host: string;
}

const page = '50';

export function openGitea({ http, repository, host }: GiteaOrder): Forge {
  const at = `/repos/${repository}`;
  const update: Forge['update'] = async (number, change) =>
    pullOf((await http.send('PATCH', `${at}/pulls/${number}`, { body: change })).body);
  return {
    kind: 'gitea',
    name: `${host}/${repository}`,
    find: async ({ head, marker }) => {
      const fitting = (pull: PullRequest): boolean => pull.head === head && pull.body.includes(marker);
      const open = (await http.list(`${at}/pulls`, { state: 'open', limit: page })).map(pullOf).filter(fitting);
      if (open.length > 0) return newestFirst(open)[0] ?? null;
      const ended = (await http.list(`${at}/pulls`, { state: 'closed', sort: 'recentupdate', limit: page })).map(
        pullOf,
      );
      return newestFirst(ended.filter(fitting))[0] ?? null;
    },
    get: async (number) => pullOf((await http.get(`${at}/pulls/${number}`)).body),
    update,
    open: async (order) => {
      const { head, base, title, body } = order;
      const made = await http.send('POST', `${at}/pulls`, { body: { head, base, title, body }, accept: [409, 422] });
      return made.status < 300 ? pullOf(made.body) : adopt({ http, at, update }, order, made.body);
    },
    checks: async (commit) => checks(http, at, commit),
    reviews: async (pull) => reviews(http, `${at}/pulls/${pull.number}`, pull),
    merge: async (number, { commit, title }) => {
      const body = { Do: 'merge', head_commit_id: commit, MergeTitleField: title };
      const answer = await http.send('POST', `${at}/pulls/${number}/merge`, { body, accept: [405, 409, 422] });
      return answer.status < 300 ? { merged: true, why: '' } : { merged: false, why: saidOf(answer.body) };
    },
    close: async (number) => {
      await http.send('PATCH', `${at}/pulls/${number}`, { body: { state: 'closed' } });
    },
    comment: async (number, { text, marker }) => {
      const said = await http.list(`${at}/issues/${number}/comments`, {});
      if (said.some((one) => textIn(fieldsIn(one)['body']).includes(marker))) return;
      await http.send('POST', `${at}/issues/${number}/comments`, { body: { body: `${text}\n\n${marker}` } });
    },
  };
}

/** 409 means "there is one already". */
async function adopt(
  { http, at, update }: { http: ForgeHttp; at: string; update: Forge['update'] },
  { head, base, title, body }: OpenPullRequest,
  refusal: unknown,
): Promise<PullRequest> {
  const open = (await http.list(`${at}/pulls`, { state: 'open', limit: page })).map(pullOf);
  const found = open.find((pull) => pull.head === head && pull.base === base);
  if (found === undefined) throw refused(refusal);
  return update(found.number, { title, body });
}

const states: Readonly<Record<string, Report['state']>> = {
  success: 'green',
  warning: 'green',
  skipped: 'green',
  failure: 'red',
  error: 'red',
};

/** Actions report here too. */
async function checks(http: ForgeHttp, at: string, commit: string): Promise<Checks> {
  const query = { limit: page };
  const statuses = await gather(http, `${at}/commits/${commit}/status`, { field: 'statuses', query });
  const found = checksOf(
    (statuses ?? []).map(({ context, status, state, description, target_url: url }) => ({
      name: textIn(context),
      state: states[textIn(status ?? state)] ?? 'pending',
      text: textIn(description),
      url: addressIn(url) || null,
    })),
  );
  return statuses === null ? { ...found, unseen: true } : found;
}

async function reviews(http: ForgeHttp, at: string, { commit }: PullRequest): Promise<Reviews> {
  const all = (await http.list(`${at}/reviews`, { limit: page })).map(fieldsIn);
  const judged = all.filter(
    ({ state, dismissed }) => dismissed !== true && (state === 'APPROVED' || state === 'REQUEST_CHANGES'),
  );
  const latest = new Map(judged.map((review) => [textIn(fieldsIn(review['user'])['login']), review]));
  const said = [...latest.values()];
  const objections = said.filter(({ state }) => state === 'REQUEST_CHANGES');
  const against = objections.filter(({ commit_id: of }) => commitIn(of) === commit);
  if (against.length === 0) {
    const isApproved = objections.length === 0 && said.length > 0;
    return { state: isApproved ? 'approved' : 'none', comments: [] };
  }
  const comments: Reviews['comments'][number][] = [];
  for (const { id, user, body } of against) {
    const author = textIn(fieldsIn(user)['login']);
    if (textIn(body) !== '') comments.push({ author, text: textIn(body), path: null, line: null });
    const lines = listIn((await http.get(`${at}/reviews/${numberIn(id, 'the number of a review')}/comments`)).body).map(
      fieldsIn,
    );
    for (const { body: text, path, position } of lines) {
      const line = typeof position === 'number' && position > 0 ? position : null;
      comments.push({ author, text: textIn(text), path: textIn(path) || null, line });
    }
  }
  return { state: 'changes', comments };
}

function pullOf(value: unknown): PullRequest {
  const fields = fieldsIn(value);
  const number = numberIn(fields['number'], 'the number of a pull request');
  const head = fieldsIn(fields['head']);
  const isMerged = fields['merged'] === true;
  return {
    number,
    url: addressIn(fields['html_url']),
    state: isMerged ? 'merged' : fields['state'] === 'closed' ? 'closed' : 'open',
    // With its branch gone, `ref` is the kept ref and `label` still has the branch.
    head: textIn(head['label']).replace(/^[^:]*:/, '') || textIn(head['ref']),
    base: textIn(fieldsIn(fields['base'])['ref']),
    title: textIn(fields['title']),
    body: textIn(fields['body']),
    commit: commitIn(head['sha']),
    mergedAs: isMerged ? commitIn(fields['merge_commit_sha'] ?? fields['merged_commit_id']) : null,
    keptRef: `refs/pull/${number}/head`,
  };
}
