/**
 * The words with which work comes back from its pull request: what failed, what reviewers said.
 *
 * They are data from outside: cut, cleaned, and told as somebody's words, never as an order of Orbit's.
 */
import type { Checks, Reviews } from '../../forge/forge.ts';

/** Failed checks and comments that are told; the pull request has all. */
const toldMax = 12;
const textLengthMax = 600;

export function sendBackReason(said: string, { checks, reviews }: { checks: Checks; reviews: Reviews }): string {
  const lines = [
    ...reviews.comments.slice(0, toldMax).map(({ author, text, path, line }) => {
      const where = path === null ? '' : ` on ${clean(path)}${line === null ? '' : `:${line}`}`;
      return `- ${clean(author)}${where} says: ${clean(text)}`;
    }),
    ...checks.failed.slice(0, toldMax).map(({ name, text, url }) => {
      const more = [clean(text), url ?? ''].filter((part) => part !== '').join(' ');
      return `- check ${JSON.stringify(clean(name))} fails${more === '' ? '' : `: ${more}`}`;
    }),
  ];
  const left = reviews.comments.length + checks.failed.length - lines.length;
  return [said, ...lines, ...(left > 0 ? [`- and ${left} more`] : [])].join('\n');
}

function clean(text: string): string {
  const line = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]+/gu, ' ').trim();
  return line.length > textLengthMax ? `${line.slice(0, textLengthMax)}…` : line;
}
