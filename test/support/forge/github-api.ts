/** The hub in GitHub's clothes: names, statuses and shapes as its REST interface has them (2022-11-28). */
import { listOf, notFound, ok, pageOf, textOf, type ApiAnswer, type ApiRequest, type FakeApi } from './api.ts';
import type { Hub, HubPull, HubReview } from './hub.ts';

const at = '/repos/acme/app';

export const githubApi: FakeApi = {
  prefix: '/api/v3',
  isAuthorized: ({ authorization }, token) => authorization === `Bearer ${token}`,
  answer: (hub, request, url) => {
    const { method, path } = request;
    if (path === `${at}/pulls`) return method === 'POST' ? open(hub, request, url) : list(hub, request, url);
    const status = new RegExp(`^${at}/commits/([0-9a-f]+)/(status|check-runs)$`).exec(path);
    if (status !== null) return checks(hub, request, { commit: status[1] ?? '', kind: status[2] ?? '' });
    const comments = new RegExp(`^${at}/issues/(\\d+)/comments$`).exec(path);
    if (comments !== null) return commentsOf(hub, request, Number(comments[1]));
    const [, number = '', part = ''] = new RegExp(`^${at}/pulls/(\\d+)(?:/(\\w+))?$`).exec(path) ?? [];
    const pull = hub.look(Number(number));
    if (pull === null) return notFound;
    if (part === '') return method === 'PATCH' ? change(pull, request, url) : ok(pullJson(pull, url));
    if (part === 'merge') return merge(hub, pull, request);
    if (part === 'reviews') return listOf(pull.reviews.map(reviewJson));
    if (part === 'comments') return listOf(pull.reviews.flatMap(linesJson));
    return notFound;
  },
};

function open(hub: Hub, { body }: ApiRequest, url: string): ApiAnswer {
  const order = {
    head: textOf(body['head']),
    base: textOf(body['base']),
    title: textOf(body['title']),
    body: textOf(body['body']),
  };
  const made = hub.open(order);
  if (typeof made !== 'string') return ok(pullJson(made, url), 201);
  const error =
    made === 'exists'
      ? { resource: 'PullRequest', code: 'custom', message: `A pull request already exists for acme:${order.head}.` }
      : { resource: 'PullRequest', field: 'head', code: 'invalid' };
  return ok({ message: 'Validation Failed', errors: [error], documentation_url: 'https://docs.github.com/rest' }, 422);
}

function list(hub: Hub, { query }: ApiRequest, url: string): ApiAnswer {
  const head = query.get('head')?.replace(/^acme:/, '') ?? null;
  const base = query.get('base');
  const fitting = hub
    .all()
    .filter((pull) => (head === null || pull.head === head) && (base === null || pull.base === base))
    .filter((pull) => query.get('state') === 'all' || pull.state === 'open');
  return listOf(fitting.toReversed().map((pull) => pullJson(pull, url)));
}

function change(pull: HubPull, { body }: ApiRequest, url: string): ApiAnswer {
  if (body['state'] === 'closed' && pull.state === 'open') pull.state = 'closed';
  for (const name of ['title', 'body', 'base'] as const) if (typeof body[name] === 'string') pull[name] = body[name];
  return ok(pullJson(pull, url));
}

function merge(hub: Hub, pull: HubPull, { body }: ApiRequest): ApiAnswer {
  if (pull.state !== 'open') return ok({ message: 'Pull Request is not mergeable' }, 405);
  if (body['sha'] !== pull.commit)
    return ok({ message: 'Head branch was modified. Review and try the merge again.' }, 409);
  const { mergedAs } = hub.merge(pull.number);
  return ok({ sha: mergedAs, merged: true, message: 'Pull Request successfully merged' });
}

function checks(hub: Hub, { query }: ApiRequest, { commit, kind }: { commit: string; kind: string }): ApiAnswer {
  const all = hub.statuses.get(commit) ?? [];
  const ofKind = all.filter(({ name }) => name.startsWith('run:') === (kind === 'check-runs'));
  if (kind === 'status') {
    const statuses = ofKind.map(({ name, state, text }) => ({
      context: name,
      state,
      description: text,
      target_url: null,
    }));
    return ok({ state: 'pending', statuses: pageOf(statuses, query), sha: commit, total_count: statuses.length });
  }
  const runs = ofKind.map(({ name, state, text }, index) => ({
    id: index + 1,
    name,
    status: state === 'pending' ? 'in_progress' : 'completed',
    conclusion: state === 'pending' ? null : state,
    html_url: `https://ci.example.org/${index + 1}`,
    output: { title: text, summary: null },
  }));
  return ok({ total_count: runs.length, check_runs: pageOf(runs, query) });
}

function commentsOf(hub: Hub, { method, body }: ApiRequest, number: number): ApiAnswer {
  const pull = hub.must(number);
  if (method !== 'POST')
    return listOf(pull.comments.map((text, index) => ({ id: index + 1, body: text, user: { login: 'ada' } })));
  pull.comments.push(textOf(body['body']));
  return ok({ id: pull.comments.length, body: textOf(body['body']) }, 201);
}

function reviewJson({ id, author, state, text, commit, at: when }: HubReview): unknown {
  const word = state === 'approved' ? 'APPROVED' : 'CHANGES_REQUESTED';
  return { id, user: { login: author }, body: text, state: word, commit_id: commit, submitted_at: when };
}

function linesJson({ id, author, commit, lines }: HubReview): unknown[] {
  return lines.map(({ path, line, text }) => ({
    id: id * 10,
    pull_request_review_id: id,
    path,
    line,
    body: text,
    user: { login: author },
    commit_id: commit,
  }));
}

function pullJson(pull: HubPull, url: string): unknown {
  const { number, title, body, state, head, base, commit, mergedAs } = pull;
  return {
    number,
    id: 1_000 + number,
    html_url: `${url}/acme/app/pull/${number}`,
    state: state === 'open' ? 'open' : 'closed',
    title,
    body,
    draft: false,
    user: { login: 'orbit' },
    merged_at: state === 'merged' ? '2026-01-02T03:04:05Z' : null,
    merged: state === 'merged',
    merge_commit_sha: mergedAs,
    head: { label: `acme:${head}`, ref: head, sha: commit },
    base: { label: `acme:${base}`, ref: base },
  };
}
