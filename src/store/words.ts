/**
 * Words of a search in findings: what the implementations agree on, whatever their index does beyond it.
 *
 * Owns the splitting of a query. Case and accents do not count.
 */

/** The distinct words of `text`: runs of letters and digits, small, without accents. */
export function wordsOf(text: string): string[] {
  const plain = text.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase();
  return [...new Set(plain.match(/[\p{L}\p{N}]+/gu))];
}
