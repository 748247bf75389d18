/**
 * JSON fault: the line where a text stops being JSON. The parser of the language tells it in some messages only.
 *
 * Owns that search. It keeps its own stack, so that deep nesting is no danger, and looks at each character once.
 */

/** The line, counted from 1, of the first character that cannot stand there; `null` when the text is JSON. */
export function jsonFaultLine(text: string): number | null {
  const fault = faultAt(text);
  if (fault === null) return null;
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < fault; at = text.indexOf('\n', at + 1)) line += 1;
  return line;
}

/** What may come next: a value, a value or `]`, a name, a name or `}`, `,` or the closing bracket. */
type Wanted = 'value' | 'value-or-end' | 'name' | 'name-or-end' | 'separator';

const atom = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?|true|false|null/y;
const space = /[ \t\r\n]*/y;

function faultAt(text: string): number | null {
  const open: ('[' | '{')[] = [];
  let wanted: Wanted = 'value';
  let at = behindSpace(text, 0);
  for (; at < text.length; at = behindSpace(text, at)) {
    const character = text.charAt(at);
    if (wanted === 'separator') {
      const bracket = open.at(-1);
      if (character === ',' && bracket !== undefined) wanted = bracket === '[' ? 'value' : 'name';
      else if (bracket !== undefined && character === (bracket === '[' ? ']' : '}')) open.pop();
      else return at;
      at += 1;
    } else if (wanted === 'name' || wanted === 'name-or-end') {
      if (character === '}' && wanted === 'name-or-end') {
        open.pop();
        wanted = 'separator';
        at += 1;
        continue;
      }
      const end = character === '"' ? stringEnd(text, at) : null;
      const colon = end === null ? at : behindSpace(text, end);
      if (end === null || text[colon] !== ':') return end === null ? at : colon;
      wanted = 'value';
      at = colon + 1;
    } else if (character === '[' || character === '{') {
      open.push(character);
      wanted = character === '[' ? 'value-or-end' : 'name-or-end';
      at += 1;
    } else {
      const end = character === ']' && wanted === 'value-or-end' && open.pop() === '[' ? at + 1 : valueEnd(text, at);
      if (end === null) return at;
      wanted = 'separator';
      at = end;
    }
  }
  return wanted === 'separator' && open.length === 0 ? null : at;
}

function valueEnd(text: string, at: number): number | null {
  if (text[at] === '"') return stringEnd(text, at);
  atom.lastIndex = at;
  return atom.test(text) ? atom.lastIndex : null;
}

/** The offset behind a string's closing quote; `null` when it holds a control character, a bad escape, or never ends. */
function stringEnd(text: string, start: number): number | null {
  for (let at = start + 1; at < text.length; at++) {
    const character = text.charAt(at);
    if (character === '"') return at + 1;
    if (character < ' ') return null;
    if (character !== '\\') continue;
    const length = /^(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/.exec(text.slice(at + 1, at + 6))?.[0].length;
    if (length === undefined) return null;
    at += length;
  }
  return null;
}

function behindSpace(text: string, at: number): number {
  space.lastIndex = at;
  space.test(text);
  return space.lastIndex;
}
