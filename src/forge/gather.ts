/** What all forges share in reading their answers: which pull request counts, and what many reports on a commit come to. */
import type { ChecksState } from '../core/pull-request.ts';
import { fieldsIn, listIn, type Fields } from './fields.ts';
import type { Checks, PullRequest } from './forge.ts';
import type { ForgeHttp } from './http.ts';

export interface Report {
  name: string;
  state: Exclude<ChecksState, 'none'>;
  text: string;
  url: string | null;
}

/** Words of failed checks that are handed on: enough for an agent to start, the rest is behind the link. */
const textLengthMax = 2_000;

/** One red report is red, whatever else is pending: its agent can begin to mend it. */
export function checksOf(reports: readonly Report[]): Checks {
  const red = reports.filter(({ state }) => state === 'red');
  const failed = red.map(({ name, text, url }) => ({ name, text: text.slice(0, textLengthMax), url }));
  if (failed.length > 0) return { state: 'red', failed };
  if (reports.some(({ state }) => state === 'pending')) return { state: 'pending', failed };
  return { state: reports.length > 0 ? 'green' : 'none', failed };
}

/** Open ones before ended ones, then the newest. */
export function newestFirst(pulls: readonly PullRequest[]): PullRequest[] {
  const rank = ({ state }: PullRequest): number => (state === 'open' ? 0 : 1);
  return pulls.toSorted((a, b) => rank(a) - rank(b) || b.number - a.number);
}

/** Pages of an object that holds a list and its `total_count`. */
const pagesMax = 20;

/** The whole list under `field`, over its pages; `null` where the token may not see it. */
export async function gather(
  http: ForgeHttp,
  path: string,
  { field, query }: { field: string; query: Readonly<Record<string, string>> },
): Promise<Fields[] | null> {
  const items: Fields[] = [];
  for (let page = 1; page <= pagesMax; page += 1) {
    const answer = await http.get(path, { query: { ...query, page: String(page) }, accept: [403, 404] });
    if (answer.status !== 200) return null;
    const { [field]: list, total_count: total } = fieldsIn(answer.body);
    const found = listIn(list).map(fieldsIn);
    items.push(...found);
    if (found.length === 0 || typeof total !== 'number' || items.length >= total) break;
  }
  return items;
}
