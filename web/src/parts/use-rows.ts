/** Which rows of a long list are in view, for rows that are all of one height: only these are drawn. */
import { useCallback, useState, type RefCallback, type UIEvent } from 'react';

/** Rows drawn beyond the edges, so that a quick scroll finds something there. */
const spare = 10;

export interface Rows {
  /** For the element that scrolls. */
  readonly frame: RefCallback<HTMLElement>;
  readonly onScroll: (event: UIEvent<HTMLElement>) => void;
  readonly first: number;
  /** Behind the last. */
  readonly end: number;
  /** Space above and below the rows drawn, in px. */
  readonly above: number;
  readonly below: number;
  /** Brings a row into view. */
  readonly show: (index: number) => void;
}

/** @param height of a row in px */
export function useRows(count: number, height: number): Rows {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [top, setTop] = useState(0);
  const [tall, setTall] = useState(800);
  const frame = useCallback((node: HTMLElement | null) => {
    setElement(node);
    if (node === null) return;
    // A list that was away comes back at its top.
    setTop(node.scrollTop);
    const observer = new ResizeObserver(() => setTall(node.clientHeight));
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  const first = Math.max(0, Math.min(count, Math.floor(top / height)) - spare);
  const end = Math.min(count, Math.ceil((top + tall) / height) + spare);
  const show = useCallback(
    (index: number) => {
      if (element === null) return;
      const [from, to] = [index * height, (index + 1) * height];
      // Two rows less: the head of a table stays in view above them.
      if (from < element.scrollTop) element.scrollTo({ top: from - 2 * height });
      else if (to > element.scrollTop + element.clientHeight)
        element.scrollTo({ top: to + 2 * height - element.clientHeight });
    },
    [element, height],
  );
  return {
    frame,
    // By whole rows: a step within one draws nothing anew.
    onScroll: ({ currentTarget }) => setTop(currentTarget.scrollTop - (currentTarget.scrollTop % height)),
    first,
    end,
    above: first * height,
    below: (count - end) * height,
    show,
  };
}
