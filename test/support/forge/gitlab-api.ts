/** The hub in GitLab's clothes: names, statuses and shapes as its REST interface has them (v4). */
import { listOf, notFound, ok, textOf, type ApiAnswer, type ApiRequest, type FakeApi } from './api.ts';
import type { Hub, HubPull, HubReview } from './hub.ts';

const at = '/projects/acme/app';

export const gitlabApi: FakeApi = {
  prefix: '/api/v4',
  isAuthorized: (headers, token) => headers['private-token'] === token,
  answer: (hub, request, url) => {
    const { method, path } = request;
    if (path === `${at}/merge_requests`) return method === 'POST' ? open(hub, request, url) : list(hub, request, url);
    const commit = new RegExp(`^${at}/repository/commits/([0-9a-f]+)/statuses$`).exec(path)?.[1];
    if (commit !== undefined) return listOf(statuses(hub, commit));
    const [, number = '', part = ''] = new RegExp(`^${at}/merge_requests/(\\d+)(?:/(\\w+))?$`).exec(path) ?? [];
    const pull = hub.look(Number(number));
    if (pull === null) return notFound;
    switch (part) {
      case '':
        return method === 'PUT' ? change(pull, request, url) : ok(requestJson(pull, url));
      case 'merge':
        return merge(hub, pull, { request, url });
      case 'versions':
        return listOf([{ id: 1, head_commit_sha: pull.commit, created_at: pull.commitAt }]);
      case 'approvals':
        return ok({ approved: true, approved_by: approvers(pull).map((username) => ({ user: { username } })) });
      case 'discussions':
        return listOf(pull.reviews.flatMap(threadsOf));
      case 'notes':
        return notes(pull, request);
      default:
        return notFound;
    }
  },
};

function open(hub: Hub, { body }: ApiRequest, url: string): ApiAnswer {
  const [head, base] = [textOf(body['source_branch']), textOf(body['target_branch'])];
  const made = hub.open({ head, base, title: textOf(body['title']), body: textOf(body['description']) });
  if (typeof made !== 'string') return ok(requestJson(made, url), 201);
  if (made === 'invalid') return ok({ message: { source_branch: ['is invalid'] } }, 422);
  return ok({ message: ['Another open merge request already exists for this source branch: !1'] }, 409);
}

function list(hub: Hub, { query }: ApiRequest, url: string): ApiAnswer {
  const [head, base, state] = ['source_branch', 'target_branch', 'state'].map((name) => query.get(name));
  const fitting = hub
    .all()
    .filter((pull) => (head === null || pull.head === head) && (base === null || pull.base === base))
    .filter((pull) => state === 'all' || pull.state === 'open');
  return listOf(fitting.toReversed().map((pull) => requestJson(pull, url)));
}

function change(pull: HubPull, { body }: ApiRequest, url: string): ApiAnswer {
  if (body['state_event'] === 'close' && pull.state === 'open') pull.state = 'closed';
  if (typeof body['title'] === 'string') pull.title = body['title'];
  if (typeof body['description'] === 'string') pull.body = body['description'];
  if (typeof body['target_branch'] === 'string') pull.base = body['target_branch'];
  return ok(requestJson(pull, url));
}

function merge(hub: Hub, pull: HubPull, { request, url }: { request: ApiRequest; url: string }): ApiAnswer {
  if (pull.state !== 'open') return ok({ message: '405 Method Not Allowed' }, 405);
  if (request.body['sha'] !== pull.commit) return ok({ message: 'SHA does not match HEAD of source branch' }, 409);
  return ok(requestJson(hub.merge(pull.number), url));
}

function statuses(hub: Hub, commit: string): unknown[] {
  const words = { pending: 'running', success: 'success', failure: 'failed' } as const;
  return (hub.statuses.get(commit) ?? []).map(({ name, state, text }, index) => ({
    id: index + 1,
    sha: commit,
    name,
    status: words[state],
    description: text,
    target_url: null,
    allow_failure: false,
  }));
}

/** Who approved and did not ask for changes later. */
function approvers({ reviews }: HubPull): string[] {
  const latest = new Map(reviews.map(({ author, state }) => [author, state]));
  return [...latest].filter(([, state]) => state === 'approved').map(([author]) => author);
}

/** A review is a system note, its words a thread that wants to be resolved, and a thread for each line. */
function threadsOf({ id, author, state, text, at: when, lines }: HubReview): unknown[] {
  const note = { id, author: { username: author }, created_at: when, resolvable: false, resolved: false };
  const word = state === 'approved' ? 'approved this merge request' : 'requested changes';
  return [
    { id: `${id}-system`, notes: [{ ...note, system: true, body: word }] },
    ...(text === '' ? [] : [{ id: `${id}-text`, notes: [{ ...note, system: false, body: text }] }]),
    ...lines.map(({ path, line, text: body }) => ({
      id: `${id}-${path}-${line}`,
      notes: [{ ...note, system: false, resolvable: true, body, position: { new_path: path, new_line: line } }],
    })),
  ];
}

function notes(pull: HubPull, { method, body }: ApiRequest): ApiAnswer {
  if (method !== 'POST')
    return listOf(pull.comments.map((text, index) => ({ id: index + 1, body: text, system: false })));
  pull.comments.push(textOf(body['body']));
  return ok({ id: pull.comments.length, body: textOf(body['body']) }, 201);
}

function requestJson({ number, title, body, state, head, base, commit, mergedAs }: HubPull, url: string): unknown {
  return {
    id: 1_000 + number,
    iid: number,
    title,
    description: body,
    state: state === 'open' ? 'opened' : state,
    source_branch: head,
    target_branch: base,
    sha: commit,
    merge_commit_sha: mergedAs,
    squash_commit_sha: null,
    detailed_merge_status: 'mergeable',
    web_url: `${url}/acme/app/-/merge_requests/${number}`,
  };
}
