/** Commands that live as long as the component that brings them, and the keys that run them. */
import { useLocalStorage } from '@mantine/hooks';
import { useEffect, useLayoutEffect, useRef, useSyncExternalStore } from 'react';
import { addCommands, keyName, listCommands, meaningOf, onCommands, type Command } from './registry.ts';

/** How long keys of a sequence may lie apart, in milliseconds. */
const SEQUENCE_MS = 1_200;

/** Adds commands while the calling component is shown. Ids, titles and keys must stay the same; `run` may change. */
export function useCommands(commands: readonly Command[]): void {
  const latest = useRef(commands);
  useLayoutEffect(() => {
    latest.current = commands;
  });
  const shape = JSON.stringify(commands);
  useEffect(() => {
    const shown = JSON.parse(shape) as Omit<Command, 'run'>[];
    return addCommands(shown.map((command, index) => ({ ...command, run: () => latest.current[index]?.run() })));
  }, [shape]);
}

export function useCommandList(): readonly Command[] {
  return useSyncExternalStore(onCommands, listCommands);
}

/** Whether single letters do something; they can be off for those who dictate or whose tools send keys (WCAG 2.1.4). */
export function useSingleKeys(): readonly [boolean, (on: boolean) => void] {
  const [on, setOn] = useLocalStorage({ key: 'orbit-single-keys', defaultValue: true, getInitialValueInEffect: false });
  return [on, setOn];
}

/** Listens to the keyboard for the whole page. Nothing fires in a text field, a dialog, or while characters are composed. */
export function useKeys(): void {
  const [single] = useSingleKeys();
  useEffect(() => {
    let pressed: string[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const onKey = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.isComposing || /^(?:Shift|Control|Alt|Meta)$/.test(event.key)) return;
      const name = keyName(event);
      const plain = !name.startsWith('mod+') && !name.startsWith('alt+');
      if (plain && (!single || takesText(event.target) || isAsked(event.target))) return;
      clearTimeout(timer);
      let meaning = meaningOf(listCommands(), [...pressed, name]);
      if (meaning.kind === 'nothing' && pressed.length > 0) {
        pressed = [];
        meaning = meaningOf(listCommands(), [name]);
      }
      pressed = meaning.kind === 'more' ? [...pressed, name] : [];
      if (meaning.kind === 'more') timer = setTimeout(() => (pressed = []), SEQUENCE_MS);
      if (meaning.kind !== 'run') return;
      event.preventDefault();
      meaning.command.run();
    };
    document.addEventListener('keydown', onKey);
    return () => (clearTimeout(timer), document.removeEventListener('keydown', onKey));
  }, [single]);
}

function takesText(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input:not([type=checkbox], [type=radio]), textarea, select'))
  );
}

/** Whether something wants an answer: a menu that has the focus, or a dialog, which stands there before it has it. */
function isAsked(target: EventTarget | null): boolean {
  const isInMenu = target instanceof HTMLElement && target.closest('[role=menu], [role=listbox]') !== null;
  return isInMenu || document.querySelector('[role=dialog]') !== null;
}
