/** Names of branches as people write them. Pure. */

/** What git's own rules for refs (git-check-ref-format) allow, and no ref that means something else to git. */
const branchPattern =
  /^refs\/heads\/(?!-|HEAD$)(?!.*(?:\.\.|\/\/|@\{|\.lock(?:\/|$)|\/\.))(?!\.)[^\s~^:?*[\\\u007f]+(?<![/.])$/;

/** The full ref of a branch that is written as `main` or in full; `null`: it cannot be one. */
export function branchRef(name: string): string | null {
  const ref = name.startsWith('refs/') ? name : `refs/heads/${name}`;
  return branchPattern.test(ref) ? ref : null;
}
