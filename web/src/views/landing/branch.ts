/** A full ref as people say it. Pure. */
export function branchOf(ref: string): string {
  return ref.replace(/^refs\/heads\//, '');
}
