/**
 * From what a terminal sends to keys.
 *
 * Owns the reading of escape sequences, which may arrive in pieces over a slow line, and of pasted text, which must never act as
 * keys: `c` and `y` in it would cancel a task.
 */
export interface Key {
  /** The character itself, `paste`, or a name such as `up`, `page-down`, `enter`, `escape`, `ctrl-c`. */
  name: string;
  /** Of characters and pasted text: what to put into a line. */
  text: string;
}

const sequences: Readonly<Record<string, string>> = {
  '[A': 'up',
  '[B': 'down',
  '[C': 'right',
  '[D': 'left',
  OA: 'up',
  OB: 'down',
  OC: 'right',
  OD: 'left',
  '[5~': 'page-up',
  '[6~': 'page-down',
  '[H': 'home',
  '[F': 'end',
  OH: 'home',
  OF: 'end',
  '[1~': 'home',
  '[4~': 'end',
  '[Z': 'back-tab',
};

const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0003': 'ctrl-c',
  '\u0004': 'page-down',
  '\u000c': 'ctrl-l',
  '\u0015': 'ctrl-u',
  '\u001a': 'ctrl-z',
};

const escape = '\u001b';
const pasteStart = `${escape}[200~`;
const pasteEnd = `${escape}[201~`;
/** A whole sequence behind the escape character, known or not. */
const whole = new RegExp(`^${escape}(\\[[0-9;?]*[ -/]*[@-~]|O[@-~])`);
/** One that may go on in the next piece. */
const begun = new RegExp(`^${escape}(\\[[0-9;?]*|O)?$`);

export class KeyReader {
  #rest = '';

  /** Whether a lone escape, or a piece of a sequence, waits for what follows. */
  get waits(): boolean {
    return this.#rest !== '';
  }

  /** The keys that are complete now. */
  push(text: string): Key[] {
    let rest = this.#rest + text;
    this.#rest = '';
    const keys: Key[] = [];
    while (rest !== '') {
      const read = readOne(rest);
      if (read === null) {
        this.#rest = rest;
        break;
      }
      if (read.key !== null) keys.push(read.key);
      rest = rest.slice(read.length);
    }
    return keys;
  }

  /** Nothing followed: what waits is the escape key itself. */
  flush(): Key[] {
    const rest = this.#rest;
    this.#rest = '';
    // The end of what is being pasted is still to come, however long it takes.
    if (rest.startsWith(pasteStart)) this.#rest = rest;
    return rest.startsWith(escape) && this.#rest === '' ? [{ name: 'escape', text: '' }] : [];
  }
}

function readOne(rest: string): { key: Key | null; length: number } | null {
  if (rest.startsWith(pasteStart)) {
    const end = rest.indexOf(pasteEnd);
    if (end < 0) return null;
    return { key: { name: 'paste', text: rest.slice(pasteStart.length, end) }, length: end + pasteEnd.length };
  }
  if (rest.startsWith(escape)) {
    if (begun.test(rest)) return null;
    const [match, body = ''] = whole.exec(rest) ?? [];
    if (match !== undefined) {
      const name = sequences[body];
      return { key: name === undefined ? null : { name, text: '' }, length: match.length };
    }
    return { key: { name: 'escape', text: '' }, length: 1 };
  }
  const character = String.fromCodePoint(rest.codePointAt(0) ?? 0x20);
  const control = controls[character];
  if (control !== undefined) return { key: { name: control, text: '' }, length: 1 };
  if (character < ' ') return { key: null, length: 1 };
  return { key: { name: character, text: character }, length: character.length };
}
