/** The one list of what can be done by name or key: it feeds the palette, the keys, the help and tooltips. Pure but for its memory. */

export interface Command {
  /** Unique; a view's command hides a global one of the same id while it is shown. */
  readonly id: string;
  readonly title: string;
  readonly group: string;
  /** `g i` (one after the other), `j`, `?`, `mod+k`. */
  readonly keys?: string;
  readonly run: () => void;
}

type Commands = readonly Command[];

const sets: Commands[] = [];
const listeners = new Set<() => void>();
let current: Commands = [];

/** Adds commands; answers what takes them away again. Later ones win over earlier ones of the same id or key. */
export function addCommands(commands: Commands): () => void {
  sets.push(commands);
  changed();
  return () => {
    const index = sets.indexOf(commands);
    if (index >= 0) sets.splice(index, 1);
    changed();
  };
}

/** All commands of this moment; the same array until something changes. */
export function listCommands(): Commands {
  return current;
}

export function onCommands(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The title with its key, for a tooltip: `Inbox (g i)`. */
export function hintOf(id: string): string {
  const command = current.find((one) => one.id === id);
  if (command === undefined) return '';
  return command.keys === undefined ? command.title : `${command.title} (${command.keys})`;
}

/** What a key means after those pressed before it. */
export type Meaning = { readonly kind: 'run'; readonly command: Command } | { readonly kind: 'more' | 'nothing' };

/** What the keys in `pressed`, each as {@link keyName} tells it, mean together. */
export function meaningOf(commands: Commands, pressed: readonly string[]): Meaning {
  const typed = pressed.join(' ');
  const command = commands.findLast(({ keys }) => keys === typed);
  if (command !== undefined) return { kind: 'run', command };
  return { kind: commands.some(({ keys }) => keys?.startsWith(`${typed} `)) ? 'more' : 'nothing' };
}

/** How a pressed key is written in {@link Command.keys}. */
export function keyName(event: { key: string; ctrlKey: boolean; metaKey: boolean; altKey: boolean }): string {
  const key = event.key.length === 1 ? event.key : event.key.toLowerCase();
  return `${event.ctrlKey || event.metaKey ? 'mod+' : ''}${event.altKey ? 'alt+' : ''}${key}`;
}

function changed(): void {
  const byId = new Map<string, Command>();
  for (const command of sets.flat()) {
    byId.delete(command.id);
    byId.set(command.id, command);
  }
  current = [...byId.values()];
  for (const listener of listeners) listener();
}
