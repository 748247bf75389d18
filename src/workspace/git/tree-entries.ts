/** What a folder is made of, read from git's own form of it. Pure. */
import { printable } from '../../platform/text.ts';
import type { GitObject } from './batch-parser.ts';

export interface TreeEntry {
  mode: string;
  name: string;
  id: string;
}

export const treeMode = '40000';
export const linkMode = '160000';
const modes: ReadonlySet<string> = new Set([treeMode, linkMode, '100644', '100664', '100755', '120000']);

/** The entries, or what is wrong with them. */
export function treeEntries({ id, content }: GitObject): TreeEntry[] | string {
  const idBytes = id.length / 2;
  const entries: TreeEntry[] = [];
  const names = new Set<string>();
  let before = '';
  for (let at = 0; at < content.length;) {
    const space = content.indexOf(0x20, at);
    const end = content.indexOf(0, space);
    if (space < 0 || end < 0 || end + 1 + idBytes > content.length) return 'it ends in the middle of an entry';
    const mode = content.toString('latin1', at, space);
    // Bytes compare as git compares them.
    const name = content.toString('latin1', space + 1, end);
    at = end + 1 + idBytes;
    const entry = { mode, name, id: content.toString('hex', end + 1, at) };
    if (!modes.has(mode)) return `mode ${printable(mode).slice(0, 20)}`;
    if (name === '' || name.includes('/')) return `the name ${JSON.stringify(name).slice(0, 80)}`;
    if (names.has(name)) return `${shown(name)} is in it twice`;
    if (/^0+$/.test(entry.id)) return `${shown(name)} has no content`;
    const key = mode === treeMode ? `${name}/` : name;
    if (key < before) return 'its entries are out of order';
    before = key;
    names.add(name);
    entries.push(entry);
  }
  return entries;
}

/** A path, of bytes as characters, for people to read; long ones are cut. */
export function shown(path: string): string {
  const text = printable(Buffer.from(path, 'latin1').toString('utf8'));
  return path === '' ? 'the top' : text.length > pathLengthMax ? `${text.slice(0, pathLengthMax)}…` : text;
}

const pathLengthMax = 200;
