/**
 * GitLab's REST interface (v4). A pull request is a merge request here; its number is the project's own (`iid`).
 *
 * Owns GitLab's words for things. Its traps: a merge answers while it is still being done; a reviewer who asks for changes stays so
 * after the head moved on, so only what was said since the present version counts.
 */
import type { Checks, Forge, OpenPullRequest, PullRequest, Reviews } from '../forge.ts';
import { addressIn, commitIn, fieldsIn, listIn, numberIn, textIn, type Fields } from '../fields.ts';
import { checksOf, newestFirst, type Report } from '../gather.ts';
import type { ForgeHttp } from '../http.ts';
import { refused, saidOf } from '../refused.ts';

export interface GitlabOrder {
  http: ForgeHttp;
  /** `group/subgroup/app`. */
  repository: string;
  /** For people. */
  host: string;
}

export function openGitlab({ http, repository, host }: GitlabOrder): Forge {
  const at = `/projects/${encodeURIComponent(repository)}`;
  const one = (number: number): string => `${at}/merge_requests/${number}`;
  const update: Forge['update'] = async (number, { title, body, base }) => {
    const change = {
      ...(title === undefined ? {} : { title }),
      ...(body === undefined ? {} : { description: body }),
      ...(base === undefined ? {} : { target_branch: base }),
    };
    return pullOf((await http.send('PUT', one(number), { body: change })).body);
  };
  return {
    kind: 'gitlab',
    name: `${host}/${repository}`,
    find: async ({ head, marker }) => {
      const query = { source_branch: head, state: 'all', order_by: 'created_at', sort: 'desc', per_page: '100' };
      const found = (await http.list(`${at}/merge_requests`, query)).map(pullOf);
      return newestFirst(found.filter((pull) => pull.head === head && pull.body.includes(marker)))[0] ?? null;
    },
    get: async (number) => pullOf((await http.get(one(number))).body),
    update,
    open: async (order) => {
      const { head, base, title, body: description } = order;
      const body = { source_branch: head, target_branch: base, title, description };
      const made = await http.send('POST', `${at}/merge_requests`, { body, accept: [409, 422] });
      return made.status < 300 ? pullOf(made.body) : adopt({ http, at, update }, order, made.body);
    },
    checks: async (commit) => checks(http, at, commit),
    reviews: async ({ number }) => reviews(http, one(number)),
    merge: async (number, { commit, title }) => {
      const body = { sha: commit, merge_commit_message: title };
      const answer = await http.send('PUT', `${one(number)}/merge`, { body, accept: [405, 406, 409, 422] });
      return answer.status < 300 ? { merged: true, why: '' } : { merged: false, why: saidOf(answer.body) };
    },
    close: async (number) => {
      await http.send('PUT', one(number), { body: { state_event: 'close' } });
    },
    comment: async (number, { text, marker }) => {
      const said = await http.list(`${one(number)}/notes`, { per_page: '100' });
      if (said.some((note) => textIn(fieldsIn(note)['body']).includes(marker))) return;
      await http.send('POST', `${one(number)}/notes`, { body: { body: `${text}\n\n${marker}` } });
    },
  };
}

/** 409 means "there is one already". */
async function adopt(
  { http, at, update }: { http: ForgeHttp; at: string; update: Forge['update'] },
  { head, base, title, body }: OpenPullRequest,
  refusal: unknown,
): Promise<PullRequest> {
  const query = { source_branch: head, target_branch: base, state: 'opened', per_page: '100' };
  const found = (await http.list(`${at}/merge_requests`, query))
    .map(pullOf)
    .find((pull) => pull.head === head && pull.base === base);
  if (found === undefined) throw refused(refusal);
  return update(found.number, { title, body });
}

const states: Readonly<Record<string, Report['state']>> = { success: 'green', skipped: 'green', failed: 'red' };

/** Jobs of all pipelines of the commit, and what others reported on it; a newer report takes the place of an older one. */
async function checks(http: ForgeHttp, at: string, commit: string): Promise<Checks> {
  const all = (await http.list(`${at}/repository/commits/${commit}/statuses`, { per_page: '100' })).map(fieldsIn);
  const counted = all.filter(({ allow_failure: mayFail, status }) => mayFail !== true && status !== 'manual');
  return checksOf(
    counted.map(({ name, status, description, target_url: url }) => ({
      name: textIn(name),
      state: states[textIn(status)] ?? 'pending',
      text: textIn(description),
      url: addressIn(url) || null,
    })),
  );
}

async function reviews(http: ForgeHttp, at: string): Promise<Reviews> {
  const since = await versionStart(http, at);
  const threads = (await http.list(`${at}/discussions`, { per_page: '100' })).map(fieldsIn);
  const notes = threads.flatMap(({ notes: all }) => listIn(all).map(fieldsIn));
  const isNew = (note: Fields): boolean => Date.parse(textIn(note['created_at'])) >= since;
  const asks = notes.filter(
    (note) => note['system'] === true && isNew(note) && /^requested changes\b/i.test(textIn(note['body'])),
  );
  const open = notes.filter((note) => note['resolvable'] === true && note['resolved'] !== true && isNew(note));
  if (asks.length === 0 && open.length === 0) {
    const approvals = fieldsIn((await http.get(`${at}/approvals`, { accept: [403, 404] })).body);
    const isApproved = listIn(approvals['approved_by']).length > 0;
    return { state: isApproved ? 'approved' : 'none', comments: [] };
  }
  const said = notes.filter((note) => note['system'] !== true && note['resolved'] !== true && isNew(note));
  return { state: 'changes', comments: said.map(commentOf) };
}

/** When the present head was pushed, in milliseconds since 1970; what was said before is about earlier work. */
async function versionStart(http: ForgeHttp, at: string): Promise<number> {
  const [latest] = listIn((await http.get(`${at}/versions`)).body).map(fieldsIn);
  const start = Date.parse(textIn(latest?.['created_at']));
  return Number.isNaN(start) ? 0 : start;
}

function commentOf(note: Fields): Reviews['comments'][number] {
  const { new_path: path, new_line: line } = fieldsIn(note['position']);
  return {
    author: textIn(fieldsIn(note['author'])['username']),
    text: textIn(note['body']),
    path: textIn(path) || null,
    line: typeof line === 'number' ? line : null,
  };
}

function pullOf(value: unknown): PullRequest {
  const fields = fieldsIn(value);
  const number = numberIn(fields['iid'], 'the number of a merge request');
  const state = fields['state'];
  const squashed = commitIn(fields['squash_commit_sha']);
  return {
    number,
    url: addressIn(fields['web_url']),
    state: state === 'merged' ? 'merged' : state === 'closed' ? 'closed' : 'open',
    head: textIn(fields['source_branch']),
    base: textIn(fields['target_branch']),
    title: textIn(fields['title']),
    body: textIn(fields['description']),
    commit: commitIn(fields['sha']),
    mergedAs: state === 'merged' ? (commitIn(fields['merge_commit_sha']) ?? squashed) : null,
    keptRef: `refs/merge-requests/${number}/head`,
  };
}
