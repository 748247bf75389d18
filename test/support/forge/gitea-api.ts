/** The hub in Gitea's clothes, which Forgejo shares: names, statuses and shapes as the REST interface has them (v1). */
import { listOf, notFound, ok, pageOf, textOf, type ApiAnswer, type ApiRequest, type FakeApi } from './api.ts';
import type { Hub, HubPull, HubReview } from './hub.ts';

const at = '/repos/acme/app';

export const giteaApi: FakeApi = {
  prefix: '/api/v1',
  isAuthorized: ({ authorization }, token) => authorization === `token ${token}`,
  answer: (hub, request, url) => {
    const { method, path } = request;
    if (path === `${at}/pulls`) return method === 'POST' ? open(hub, request, url) : list(hub, request, url);
    const commit = new RegExp(`^${at}/commits/([0-9a-f]+)/status$`).exec(path)?.[1];
    if (commit !== undefined) {
      const all = statuses(hub, commit);
      return ok({ sha: commit, statuses: pageOf(all, request.query), total_count: all.length });
    }
    const comments = new RegExp(`^${at}/issues/(\\d+)/comments$`).exec(path);
    if (comments !== null) return commentsOf(hub.must(Number(comments[1])), request);
    const [, number = '', part = '', id = ''] =
      new RegExp(`^${at}/pulls/(\\d+)(?:/(\\w+))?(?:/(\\d+)/comments)?$`).exec(path) ?? [];
    const pull = hub.look(Number(number));
    if (pull === null) return notFound;
    if (part === '') return method === 'PATCH' ? change(pull, request, url) : ok(pullJson(pull, url));
    if (part === 'merge') return merge(hub, pull, request);
    if (part === 'reviews') return id === '' ? listOf(pull.reviews.map(reviewJson)) : ok(linesOf(pull, Number(id)));
    return notFound;
  },
};

function open(hub: Hub, { body }: ApiRequest, url: string): ApiAnswer {
  const [head, base] = [textOf(body['head']), textOf(body['base'])];
  const made = hub.open({ head, base, title: textOf(body['title']), body: textOf(body['body']) });
  if (typeof made !== 'string') return ok(pullJson(made, url), 201);
  if (made === 'invalid') return notFound;
  return ok({ message: `pull request already exists for these targets [id: 1, head: ${head}, base: ${base}]` }, 409);
}

function list(hub: Hub, { query }: ApiRequest, url: string): ApiAnswer {
  const wanted = query.get('state') ?? 'open';
  const fitting = hub.all().filter(({ state }) => wanted === 'all' || (state === 'open') === (wanted === 'open'));
  return listOf(fitting.toReversed().map((pull) => pullJson(pull, url)));
}

function change(pull: HubPull, { body }: ApiRequest, url: string): ApiAnswer {
  if (body['state'] === 'closed' && pull.state === 'open') pull.state = 'closed';
  for (const name of ['title', 'body', 'base'] as const) if (typeof body[name] === 'string') pull[name] = body[name];
  return ok(pullJson(pull, url), 201);
}

function merge(hub: Hub, pull: HubPull, { body }: ApiRequest): ApiAnswer {
  if (pull.state !== 'open') return ok({ message: 'The PR is already merged' }, 405);
  if (body['head_commit_id'] !== pull.commit) return ok({ message: 'head out of date' }, 409);
  hub.merge(pull.number);
  return ok(null);
}

function statuses(hub: Hub, commit: string): unknown[] {
  return (hub.statuses.get(commit) ?? []).map(({ name, state, text }, index) => ({
    id: index + 1,
    context: name,
    status: state,
    description: text,
    target_url: '',
  }));
}

function commentsOf(pull: HubPull, { method, body }: ApiRequest): ApiAnswer {
  if (method !== 'POST') return ok(pull.comments.map((text, index) => ({ id: index + 1, body: text })));
  pull.comments.push(textOf(body['body']));
  return ok({ id: pull.comments.length, body: textOf(body['body']) }, 201);
}

function reviewJson({ id, author, state, text, commit, at: when }: HubReview): unknown {
  const word = state === 'approved' ? 'APPROVED' : 'REQUEST_CHANGES';
  return {
    id,
    user: { login: author },
    body: text,
    state: word,
    commit_id: commit,
    dismissed: false,
    submitted_at: when,
  };
}

function linesOf({ reviews }: HubPull, id: number): unknown[] {
  const review = reviews.find((one) => one.id === id);
  return (review?.lines ?? []).map(({ path, line, text }) => ({ id: id * 10, path, position: line, body: text }));
}

function pullJson({ number, title, body, state, head, base, commit, mergedAs }: HubPull, url: string): unknown {
  return {
    id: 1_000 + number,
    number,
    title,
    body,
    state: state === 'open' ? 'open' : 'closed',
    merged: state === 'merged',
    merge_commit_sha: mergedAs,
    html_url: `${url}/acme/app/pulls/${number}`,
    head: { label: head, ref: head, sha: commit },
    base: { label: base, ref: base },
  };
}
